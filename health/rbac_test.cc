#include "health/rbac.h"

#include <gtest/gtest.h>

#include <sstream>

namespace openchoreo::mapper {
namespace {

constexpr char kRecord[] =
    R"(apiVersion: v1
kind: ConfigMap
metadata: {name: r, labels: {gitops.openchoreo.dev/record: v2}}
data:
  record.json: '{"version":2,"binding":{"kind":"ReleaseBinding","namespace":"acme","name":"cart"},"resources":[
    {"id":"a","apiVersion":"apps/v1","kind":"Deployment","namespace":"n","name":"a","digest":"0"},
    {"id":"b","apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","namespace":"n","name":"b","digest":"0"},
    {"id":"c","apiVersion":"networking.k8s.io/v1","kind":"Ingress","namespace":"n","name":"c","digest":"0"}]}'
)";

std::string Rule(const std::string& group, const std::string& resources) {
  return "- apiGroups:\n  - " + group + "\n  resources:\n" + resources +
         "  verbs:\n  - get\n  - list\n  - watch\n";
}

const std::string kHead =
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n"
    "  name: openchoreo-health-mapper-objects\nrules:\n";

TEST(RbacTest, NamesWhatRecordsName) {
  const std::string want = kHead + Rule("\"\"", "  - configmaps\n  - pods\n") +
                           Rule("apps", "  - deployments\n") +
                           Rule("networking.k8s.io", "  - ingresses\n  - networkpolicies\n");
  const auto role = RbacText(kRecord);
  ASSERT_TRUE(role) << role.error().message;
  EXPECT_EQ(*role, want);
}

TEST(RbacTest, TakesObjectsAndLists) {
  const auto role = RbacText(
      "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: batch/v1, kind: Job, metadata: {name: "
      "a}}\n---\n"
      "{\"apiVersion\":\"gateway.networking.k8s.io/v1\",\"kind\":\"HTTPRoute\"}\n---\n"
      "apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: b}\n");
  ASSERT_TRUE(role) << role.error().message;
  EXPECT_EQ(*role, kHead + Rule("\"\"", "  - configmaps\n  - pods\n") +
                       Rule("batch", "  - jobs\n") +
                       Rule("gateway.networking.k8s.io", "  - httproutes\n"));
}

TEST(RbacTest, EndsAtTheNamespacesThatAreNamed) {
  const auto role = RbacText(
      "{apiVersion: batch/v1, kind: Job, metadata: {name: a, namespace: two}}\n---\n"
      "{apiVersion: v1, kind: Service, metadata: {name: b, namespace: one}}\n---\n"
      "{apiVersion: v1, kind: Namespace, metadata: {name: one}}\n",
      "system");
  ASSERT_TRUE(role) << role.error().message;
  const auto binding = [](const std::string& kind, const std::string& name, const std::string& ns) {
    return "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: " + kind +
           "\nmetadata:\n  name: " + name + "\n" + (ns.empty() ? "" : "  namespace: " + ns + "\n") +
           "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: " + name +
           "\nsubjects:\n- kind: ServiceAccount\n  name: openchoreo-health-mapper\n  namespace: "
           "system\n";
  };
  const std::string name = "openchoreo-health-mapper-objects";
  EXPECT_EQ(*role,
            "# openchoreo-health-mapper --object-namespaces=one,two\n" + kHead +
                Rule("\"\"", "  - configmaps\n  - pods\n  - services\n") +
                Rule("batch", "  - jobs\n") + binding("RoleBinding", name, "one") +
                binding("RoleBinding", name, "two") +
                "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n"
                "  name: " +
                name + "-without-namespace\nrules:\n" + Rule("\"\"", "  - namespaces\n") +
                binding("ClusterRoleBinding", name + "-without-namespace", ""));
}

TEST(RbacTest, SaysWhatIsWrong) {
  struct Case {
    const char* text;
    const char* message;
    int exit_code;
  };

  for (const Case& c :
       {Case{"", "neither a release record nor a rendered object is there", 1}, Case{"a: [", "", 1},
        Case{"kind: ConfigMap\nmetadata: {name: r, labels: "
             "{gitops.openchoreo.dev/record: v2}}\n",
             "ConfigMap r: ", 1}}) {
    std::istringstream in(c.text);
    std::ostringstream out, err;
    EXPECT_EQ(RunRbac("-", "", in, out, err), c.exit_code) << c.text;
    EXPECT_NE(err.str().find(c.message), std::string::npos) << err.str();
    EXPECT_EQ(out.str(), "");
  }
  std::istringstream in;
  std::ostringstream out, err;
  EXPECT_EQ(RunRbac("/nowhere", "", in, out, err), 2);
}

}  // namespace
}  // namespace openchoreo::mapper
