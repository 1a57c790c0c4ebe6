#include "cli/migrate/document_rewriter.h"

#include "cli/edit/document_editor.h"
#include "cli/migrate/expressions.h"
#include "cli/migrate/shorthand_section.h"
#include "common/schema/schema.h"
#include "common/value/value.h"
#include "common/yaml/reader.h"

namespace openchoreo::migrate {

namespace {

using edit::Column;
using edit::LineBegin;
using edit::NextLine;
using edit::Node;
using edit::Path;
using edit::Shift;
using edit::TextEdit;

Path operator/(Path path, std::string key) {
  path.push_back(std::move(key));
  return path;
}

std::string Dotted(const Path& path) {
  std::string text;
  for (const std::string& key : path) {
    const bool index = !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
    text += index ? "[" + key + "]" : (text.empty() ? "" : ".") + key;
  }
  return text;
}

class Rewriter {
 public:
  Rewriter(std::string_view text, const ComponentTypeLookup& lookup)
      : original_(text), editor_(std::string(text)), lookup_(lookup) {}

  Rewrite Run() {
    Rewrite result;
    result.text = original_;
    if (!editor_.valid() || !IsOpenChoreo()) return result;
    const std::string kind = Text({"kind"});
    const Path spec = {"spec"};
    if (kind == "Workload") {
      Owner(spec / "owner");
      Workload(spec);
    } else if (kind == "Component") {
      Owner(spec / "owner");
      editor_.ToReference(spec / "componentType", "ComponentType");
    } else if (kind == "ComponentType" || kind == "Trait") {
      Definition(spec);
    } else if (kind == "ComponentRelease") {
      Owner(spec / "owner");
      Release(spec);
    } else if (kind == "ReleaseBinding") {
      Owner(spec / "owner");
      Binding(spec);
    } else if (kind == "Environment") {
      Environment(spec);
    } else if (kind == "DataPlane") {
      DataPlane(spec);
    } else if (kind == "Project") {
      editor_.ToReference(spec / "deploymentPipelineRef", "DeploymentPipeline");
    } else if (kind == "DeploymentPipeline") {
      Pipeline(spec / "promotionPaths");
    }
    if (prevented_.empty() && !editor_.valid()) prevented_ = "the document's formatting";
    result.prevented = prevented_;
    if (prevented_.empty() && editor_.text() != original_) {
      result.text = editor_.text();
      result.changed = true;
    }
    return result;
  }

 private:
  std::string Text(const Path& path) const { return std::string(editor_.At(path).text()); }

  bool IsOpenChoreo() const { return Text({"apiVersion"}).rfind("openchoreo.dev/", 0) == 0; }

  bool Has(const Path& path) const { return static_cast<bool>(editor_.At(path)); }

  void Prevent(const Path& path, const std::string& reason) {
    if (prevented_.empty()) prevented_ = Dotted(path) + ": " + reason;
  }

  std::size_t Count(const Path& path) const {
    const Node node = editor_.At(path);
    return node.is_list() ? node.Items().size() : node.Entries().size();
  }

  std::vector<std::string> KeysOf(const Path& path) const {
    std::vector<std::string> keys;
    for (const auto& entry : editor_.At(path).Entries()) keys.emplace_back(entry.first.text());
    return keys;
  }

  // The guide's spec.owner.{project,component}, which no release accepted.
  void Owner(const Path& owner) {
    editor_.Rename(owner / "project", "projectName");
    editor_.Rename(owner / "component", "componentName");
  }

  void Container(const Path& holder) {
    const Path containers = holder / "containers";
    if (!Has(containers)) return;
    if (Count(containers) != 1) {
      Prevent(containers, "v1.x workloads have exactly one container");
      return;
    }
    if (!editor_.Unwrap(containers, "container"))
      Prevent(containers, "cannot be unwrapped as it is written");
  }

  void ValueSources(const Path& container) {
    for (const char* list : {"env", "files"}) {
      for (std::size_t i = 0; i < Count(container / list); ++i) {
        const Path from = container / list / std::to_string(i) / "valueFrom";
        if (Has(from / "configurationGroupRef"))
          Prevent(from / "configurationGroupRef", "has no v1.x form");
        editor_.Rename(from / "secretRef", "secretKeyRef");
      }
    }
  }

  void Workload(const Path& workload) {
    Container(workload);
    ValueSources(workload / "container");
    for (const std::string& name : KeysOf(workload / "endpoints")) {
      const Path type = workload / "endpoints" / name / "type";
      if (Text(type) == "REST") editor_.ReplaceScalar(type, "HTTP");
    }
    editor_.Remove(workload / "connections");
  }

  void Definition(const Path& spec) {
    SchemaSections(spec);
    const Path workflows = spec / "allowedWorkflows";
    for (std::size_t i = 0; i < Count(workflows); ++i) {
      editor_.ToReference(workflows / std::to_string(i), "Workflow");
    }
    Expressions(spec);
  }

  void SchemaSections(const Path& spec) {
    const Path section = spec / "schema";
    const Node schema = editor_.At(section);
    if (!schema) return;
    const std::size_t column = editor_.ColumnOf(section);
    if (column == std::string::npos) {
      Prevent(section, "is written in flow style");
      return;
    }
    base::Arena arena;
    const yaml::ReadResult read = yaml::Read(editor_.text(), arena);
    if (read.documents.size() != 1) return Prevent(section, "cannot be read");
    value::Value values = read.documents.front().root;
    for (const std::string& key : section) values = values.Get(key);
    std::string lines;
    const std::pair<const char*, const char*> kSections[] = {
        {"parameters", "parameters"}, {"envOverrides", "environmentConfigs"}};
    for (const auto& [old_key, new_key] : kSections) {
      const Node fields = schema.Find(old_key);
      if (!fields.is_map()) continue;
      auto resolved = schema::FromShorthand(values.Get(old_key), values.Get("types"));
      if (!resolved) return Prevent(section / old_key, resolved.error().message);
      const std::string indent(column, ' ');
      lines += indent + new_key + ":\n" + indent + "  openAPIV3Schema:\n";
      lines += OpenApiLines(editor_.text(), fields, (*resolved)->resolved(), column + 4);
    }
    if (lines.empty()) {
      editor_.Remove(section);
    } else {
      editor_.ReplaceEntry(section, lines);
    }
  }

  void Expressions(const Path& spec) {
    const Node node = editor_.At(spec);
    if (!node) return;
    std::vector<TextEdit> edits;
    CollectExpressions(node, edits);
    if (prevented_.empty()) editor_.ApplyEdits(std::move(edits));
  }

  void CollectExpressions(const Node& node, std::vector<TextEdit>& edits) {
    if (node.text().find("${") != std::string_view::npos) {
      ExpressionRewrite rewrite = RewriteExpressions(editor_.Source(node));
      if (!rewrite.prevented.empty() && prevented_.empty()) {
        prevented_ = "expression " + rewrite.prevented + ": has no v1.x form";
      }
      if (rewrite.text != editor_.Source(node))
        edits.push_back({node.content_begin(), node.content_end(), std::move(rewrite.text)});
    }
    for (const auto& [key, item] : node.Entries()) {
      CollectExpressions(key, edits);
      CollectExpressions(item, edits);
    }
    for (const Node& item : node.Items()) CollectExpressions(item, edits);
  }

  void Release(const Path& spec) {
    if (Has(spec / "componentType" / "workloadType")) {
      const std::string name =
          lookup_(Text({"metadata", "namespace"}), Text(spec / "owner" / "componentName"));
      if (name.empty())
        return Prevent(spec / "componentType",
                       "its name is not recorded and the Component is not here");
      editor_.WrapUnder(spec / "componentType", {"kind: ComponentType", "name: " + name}, "spec");
      Definition(spec / "componentType" / "spec");
    }
    Traits(spec / "traits");
    const Path uses = spec / "componentProfile" / "traits";
    for (std::size_t i = 0; i < Count(uses); ++i) {
      if (!Has(uses / std::to_string(i) / "kind"))
        editor_.InsertFirst(uses / std::to_string(i), "kind: Trait");
    }
    Workload(spec / "workload");
  }

  // traits: {name: spec} → traits: [{kind: Trait, name, spec}]
  void Traits(const Path& traits) {
    Node node = editor_.At(traits);
    if (!node.is_map()) return;
    if (node.Entries().empty()) {
      editor_.ApplyEdits({{node.content_begin(), node.content_end(), "[]"}});
      return;
    }
    if (node.flow()) return Prevent(traits, "is written in flow style");
    for (const std::string& name : KeysOf(traits)) Definition(traits / name);
    node = editor_.At(traits);
    if (!node) return;
    const std::string& text = editor_.text();
    std::string lines;
    const std::size_t column = Column(text, node.content_begin());
    const std::string indent(column, ' ');
    for (const auto& [key, spec] : node.Entries()) {
      lines += indent + "- kind: Trait\n" + indent + "  name: " + std::string(editor_.Source(key)) +
               "\n";
      if (!spec.is_map() || spec.flow() || spec.Entries().empty()) {
        lines += indent + "  spec: " + std::string(editor_.Source(spec)) + "\n";
        continue;
      }
      const std::size_t body = LineBegin(text, spec.content_begin());
      lines += indent + "  spec:\n";
      lines += Shift(
          std::string_view(text).substr(body, NextLine(text, spec.content_end()) - body),
          static_cast<int>(column + 4) - static_cast<int>(Column(text, spec.content_begin())));
    }
    editor_.ApplyEdits(
        {{LineBegin(text, node.content_begin()), NextLine(text, node.content_end()), lines}});
  }

  void Binding(const Path& spec) {
    editor_.Rename(spec / "componentTypeEnvOverrides", "componentTypeEnvironmentConfigs");
    editor_.Rename(spec / "traitOverrides", "traitEnvironmentConfigs");
    const Path overrides = spec / "workloadOverrides";
    Container(overrides);
    ValueSources(overrides / "container");
  }

  void Environment(const Path& spec) {
    editor_.ToReference(spec / "dataPlaneRef", "DataPlane");
    const Path gateway = spec / "gateway";
    for (const char* unused : {"dnsPrefix", "security"}) {
      if (editor_.Remove(gateway / unused) && Count(gateway) == 0) editor_.Remove(gateway);
    }
  }

  void DataPlane(const Path& spec) {
    if (Has(spec / "kubernetesCluster"))
      return Prevent(spec / "kubernetesCluster", "has no v1.x form");
    editor_.ToReference(spec / "observabilityPlaneRef", "ObservabilityPlane");
    editor_.Rename(spec / "clusterAgent" / "clientCA" / "secretRef", "secretKeyRef");
    editor_.Remove(spec / "imagePullSecretRefs");
    Gateway(spec / "gateway");
  }

  void Gateway(const Path& gateway) {
    const std::size_t column = editor_.ColumnOf(gateway);
    if (!Has(gateway / "publicVirtualHost") && !Has(gateway / "organizationVirtualHost")) return;
    if (column == std::string::npos) return Prevent(gateway, "is written in flow style");
    const std::string indent(column, ' ');
    std::string lines = indent + "gateway:\n" + indent + "  ingress:\n";
    const auto listener = [&](const char* side, const char* prefix, const char* http,
                              const char* https) {
      const std::string host = Text(gateway / (std::string(prefix) + "VirtualHost"));
      if (host.empty()) return;
      const std::string http_port = Text(gateway / (std::string(prefix) + "HTTPPort"));
      const std::string https_port = Text(gateway / (std::string(prefix) + "HTTPSPort"));
      lines += indent + "    " + side + ":\n";
      lines += indent + "      name: gateway-default\n" + indent +
               "      namespace: openchoreo-data-plane\n";
      lines += indent + "      http: {host: " + host +
               ", port: " + (http_port.empty() ? http : http_port) + "}\n";
      lines += indent + "      https: {host: " + host +
               ", port: " + (https_port.empty() ? https : https_port) + "}\n";
    };
    listener("external", "public", "19080", "19443");
    listener("internal", "organization", "19081", "19444");
    editor_.ReplaceEntry(gateway, lines);
  }

  void Pipeline(const Path& paths) {
    for (std::size_t i = 0; i < Count(paths); ++i) {
      const Path step = paths / std::to_string(i);
      editor_.ToReference(step / "sourceEnvironmentRef", "Environment");
      for (std::size_t j = 0; j < Count(step / "targetEnvironmentRefs"); ++j) {
        const Path target = step / "targetEnvironmentRefs" / std::to_string(j);
        editor_.Remove(target / "requiresApproval");
        editor_.Remove(target / "isManualApprovalRequired");
      }
    }
  }

  std::string original_;
  edit::DocumentEditor editor_;
  const ComponentTypeLookup& lookup_;
  std::string prevented_;
};

}  // namespace

Rewrite RewriteDocument(std::string_view text, const ComponentTypeLookup& component_type_of) {
  return Rewriter(text, component_type_of).Run();
}

}  // namespace openchoreo::migrate
