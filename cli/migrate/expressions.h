// Context names in ${…} expressions of older templates, in the words of v1.x.
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::migrate {

struct ExpressionRewrite {
  std::string text;
  std::string prevented;  // the expression that has no counterpart; "" if there is none
};

// `text` is the source of one scalar (quotes and all): envOverrides → environmentConfigs, the one
// container's name taken out of workload.containers[…], configurations[…] and the helpers'
// arguments, dataplane.publicVirtualHost → gateway.ingress.external.http.host.
ExpressionRewrite RewriteExpressions(std::string_view text);

}  // namespace openchoreo::migrate
