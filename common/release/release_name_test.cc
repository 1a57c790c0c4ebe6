#include "common/release/release_name.h"

#include <gtest/gtest.h>

#include "common/value/json_reader.h"

namespace openchoreo::release {
namespace {

struct Case {
  const char* name;
  const char* want;  // as OpenChoreo names it
  const char* spec;
};

constexpr Case kComponentReleases[] = {
    {"lists that are absent", "api-58f97568f5",
     R"({"componentType":{"kind":"ComponentType","name":"deployment/web","spec":{"workloadType":)"
     R"("deployment","resources":[{"id":"deployment","targetPlane":"dataplane","template":{"apiV)"
     R"(ersion":"apps/v1","kind":"Deployment","metadata":{"name":"${metadata.name}","namespace":)"
     R"("${metadata.namespace}"},"spec":{"selector":{"matchLabels":"${metadata.podSelectors}"},")"
     R"(template":{"metadata":{"labels":"${metadata.podSelectors}"},"spec":{"containers":[{"name)"
     R"(":"main","image":"${workload.container.image}"}]}}}}}]}},"traits":[],"workload":{"contai)"
     R"(ner":{"image":"ghcr.io/acme/api:1.0"}}})"},
    {"empty lists of a cluster-wide type", "api-5d598cf68f",
     R"({"componentType":{"kind":"ClusterComponentType","name":"deployment/web","spec":{"workloa)"
     R"(dType":"deployment","allowedWorkflows":[],"traits":[],"allowedTraits":[{"kind":"ClusterT)"
     R"(rait","name":"ann"}],"resources":[{"id":"deployment","targetPlane":"dataplane","template)"
     R"(":{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"${metadata.name}","nam)"
     R"(espace":"${metadata.namespace}"},"spec":{"selector":{"matchLabels":"${metadata.podSelect)"
     R"(ors}"},"template":{"metadata":{"labels":"${metadata.podSelectors}"},"spec":{"containers")"
     R"(:[{"name":"main","image":"${workload.container.image}"}]}}}}},{"id":"probe","targetPlane)"
     R"(":"dataplane","template":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${met)"
     R"(adata.name}-x","namespace":"${metadata.namespace}"},"data":{"dp":"${dataplane}","gw":"${)"
     R"(gateway}"}}}]}},"traits":[{"kind":"ClusterTrait","name":"ann","spec":{"parameters":{"ope)"
     R"(nAPIV3Schema":{"type":"object","properties":{"key":{"type":"string","default":"note"}}}})"
     R"(,"environmentConfigs":{"openAPIV3Schema":{"type":"object","properties":{"value":{"type":)"
     R"("string","default":"none"}}}},"creates":[{"targetPlane":"dataplane","template":{"apiVers)"
     R"(ion":"v1","kind":"ConfigMap","metadata":{"name":"${metadata.name}-${trait.instanceName}")"
     R"(,"namespace":"${metadata.namespace}"},"data":{"trait":"${trait}","p":"${parameters}","e")"
     R"(:"${environmentConfigs}","haswl":"${has(workload.container)}"}}},{"targetPlane":"observa)"
     R"(bilityplane","includeWhen":"${environmentConfigs.value != \"none\"}","template":{"apiVer)"
     R"(sion":"example.com/v1","kind":"Alert","metadata":{"name":"alert-${trait.instanceName}",")"
     R"(namespace":"${metadata.namespace}"},"spec":{"when":"${environmentConfigs.value}"}}}],"pa)"
     R"(tches":[{"targetPlane":"dataplane","target":{"group":"apps","version":"v1","kind":"Deplo)"
     R"(yment"},"operations":[{"op":"add","path":"/metadata/annotations/${parameters.key}","valu)"
     R"(e":"${environmentConfigs.value}"}]}]}}],"componentProfile":{"traits":[{"kind":"ClusterTr)"
     R"(ait","name":"ann","instanceName":"c1"}]},"workload":{"container":{"image":"ghcr.io/acme/)"
     R"(api:1.0"}}})"},
    {"embedded trait and parameters", "api-98b9fc557",
     R"({"componentType":{"kind":"ComponentType","name":"deployment/web","spec":{"workloadType":)"
     R"("deployment","parameters":{"openAPIV3Schema":{"type":"object","properties":{"noteKey":{")"
     R"(type":"string","default":"embedded"}}}},"environmentConfigs":{"openAPIV3Schema":{"type":)"
     R"("object","properties":{"level":{"type":"string","default":"low"}}}},"allowedTraits":[{"k)"
     R"(ind":"Trait","name":"ann"}],"traits":[{"kind":"Trait","name":"ann","instanceName":"built)"
     R"(in","parameters":{"key":"${parameters.noteKey}"},"environmentConfigs":{"value":"${enviro)"
     R"(nmentConfigs.level}-${metadata.environmentName}"}}],"resources":[{"id":"deployment","tar)"
     R"(getPlane":"dataplane","template":{"apiVersion":"apps/v1","kind":"Deployment","metadata":)"
     R"({"name":"${metadata.name}","namespace":"${metadata.namespace}"},"spec":{"selector":{"mat)"
     R"(chLabels":"${metadata.podSelectors}"},"template":{"metadata":{"labels":"${metadata.podSe)"
     R"(lectors}"},"spec":{"containers":[{"name":"main","image":"${workload.container.image}"}]})"
     R"(}}}}]}},"traits":[{"kind":"Trait","name":"ann","spec":{"parameters":{"openAPIV3Schema":{)"
     R"("type":"object","properties":{"key":{"type":"string","default":"note"}}}},"environmentCo)"
     R"(nfigs":{"openAPIV3Schema":{"type":"object","properties":{"value":{"type":"string","defau)"
     R"(lt":"none"}}}},"creates":[{"targetPlane":"dataplane","template":{"apiVersion":"v1","kind)"
     R"(":"ConfigMap","metadata":{"name":"${metadata.name}-${trait.instanceName}","namespace":"$)"
     R"({metadata.namespace}"},"data":{"trait":"${trait}","p":"${parameters}","e":"${environment)"
     R"(Configs}","haswl":"${has(workload.container)}"}}},{"targetPlane":"observabilityplane","i)"
     R"(ncludeWhen":"${environmentConfigs.value != \"none\"}","template":{"apiVersion":"example.)"
     R"(com/v1","kind":"Alert","metadata":{"name":"alert-${trait.instanceName}","namespace":"${m)"
     R"(etadata.namespace}"},"spec":{"when":"${environmentConfigs.value}"}}}],"patches":[{"targe)"
     R"(tPlane":"dataplane","target":{"group":"apps","version":"v1","kind":"Deployment"},"operat)"
     R"(ions":[{"op":"add","path":"/metadata/annotations/${parameters.key}","value":"${environme)"
     R"(ntConfigs.value}"}]}]}}],"componentProfile":{"parameters":{"noteKey":"kk"},"traits":[{"k)"
     R"(ind":"Trait","name":"ann","instanceName":"own"}]},"workload":{"container":{"image":"ghcr)"
     R"(.io/acme/api:1.0"}}})"},
    {"resource dependencies", "api-649968985c",
     R"({"componentType":{"kind":"ComponentType","name":"deployment/web","spec":{"workloadType":)"
     R"("deployment","resources":[{"id":"deployment","targetPlane":"dataplane","template":{"apiV)"
     R"(ersion":"apps/v1","kind":"Deployment","metadata":{"name":"${metadata.name}","namespace":)"
     R"("${metadata.namespace}"},"spec":{"selector":{"matchLabels":"${metadata.podSelectors}"},")"
     R"(template":{"metadata":{"labels":"${metadata.podSelectors}"},"spec":{"containers":[{"name)"
     R"(":"main","image":"${workload.container.image}"}]}}}}},{"id":"probe","targetPlane":"datap)"
     R"(lane","template":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${metadata.na)"
     R"(me}-x","namespace":"${metadata.namespace}"},"data":{"d":"${dependencies}","e":"${depende)"
     R"(ncies.toContainerEnvs()}","m":"${dependencies.toContainerVolumeMounts()}","v":"${depende)"
     R"(ncies.toVolumes()}"}}}]}},"traits":[],"workload":{"container":{"image":"ghcr.io/acme/api)"
     R"(:1.0"},"dependencies":{"resources":[{"ref":"orders","envBindings":{"host":"DB_HOST","por)"
     R"(t":"DB_PORT","password":"DB_PASS","ca":"DB_CA"},"fileBindings":{"password":"/etc/db/pass)"
     R"(","ca":"/etc/db/ca.crt"}}]}}})"},
};

TEST(ReleaseName, IsThatOfTheController) {
  for (const Case& test : kComponentReleases) {
    base::Arena arena;
    const auto spec = value::ReadJson(test.spec, arena);
    ASSERT_TRUE(spec.has_value()) << test.name;
    EXPECT_EQ(ReleaseName(names::Kind::kComponentRelease, names::Dialect::kV1, "api", *spec),
              test.want)
        << test.name << "\n"
        << ReleaseDump(names::Kind::kComponentRelease, names::Dialect::kV1, *spec);
  }
}

struct DumpCase {
  const char* name;
  names::Kind kind;
  names::Dialect dialect;
  const char* spec;
  const char* want;
};

constexpr DumpCase kDumps[] = {
    {"project release", names::Kind::kProjectRelease, names::Dialect::kV1,
     R"({"owner":{},"projectType":{"kind":"ProjectType","name":"std","spec":{"resources":[]}},"parameters":{"a":"<"}})",
     "(project.ReleaseSpec){ProjectType:(v1alpha1.ProjectReleaseProjectType){Kind:(v1alpha1."
     "ProjectTypeRefKind)ProjectType Name:(string)std Spec:(v1alpha1.ProjectTypeSpec){Parameters:(*"
     "v1alpha1.SchemaSection)<nil> EnvironmentConfigs:(*v1alpha1.SchemaSection)<nil> "
     "Validations:([]"
     "v1alpha1.ValidationRule)<nil> Resources:([]v1alpha1.ResourceTemplate)[]}} "
     "Parameters:(*runtime."
     "RawExtension){Raw:([]uint8)[123 34 97 34 58 34 92 117 48 48 51 99 34 125] "
     "Object:(runtime.Object)"
     "<nil>}}"},
    {"old release", names::Kind::kComponentRelease, names::Dialect::kV012,
     R"({"componentType":{"workloadType":"job","resources":[]},"componentProfile":{},"workload":{"containers":)"
     R"({"main":{"image":"x","env":[{"key":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]}}}})",
     "(component.ReleaseSpec){ComponentType:(v1alpha1.ComponentTypeSpec){WorkloadType:(string)job "
     "AllowedWorkflows:([]string)<nil> Schema:(v1alpha1.ComponentTypeSchema){Types:(*runtime."
     "RawExtension)<nil> Parameters:(*runtime.RawExtension)<nil> "
     "EnvOverrides:(*runtime.RawExtension)"
     "<nil>} Resources:([]v1alpha1.ResourceTemplate)[]} "
     "Traits:(map[string]v1alpha1.TraitSpec)<nil> "
     "ComponentProfile:(v1alpha1.ComponentProfile){Parameters:(*runtime.RawExtension)<nil> "
     "Traits:([]"
     "v1alpha1.ComponentTrait)<nil>} "
     "Workload:(v1alpha1.WorkloadTemplateSpec){Containers:(map[string]"
     "v1alpha1.Container)map[main:{Image:(string)x Command:([]string)<nil> Args:([]string)<nil> "
     "Env:([]"
     "v1alpha1.EnvVar)[{Key:(string)A Value:(string) ValueFrom:(*v1alpha1.EnvVarValueFrom){"
     "ConfigurationGroupRef:(*v1alpha1.ConfigurationGroupKeyRef)<nil> SecretRef:(*v1alpha1."
     "SecretKeyRef){Name:(string)s Key:(string)k}}}] Files:([]v1alpha1.FileVar)<nil>}] "
     "Endpoints:(map["
     "string]v1alpha1.WorkloadEndpoint)<nil> "
     "Connections:(map[string]v1alpha1.WorkloadConnection)<nil>"
     "}}"},
};

TEST(ReleaseDump, PrintsTheGoStruct) {
  for (const DumpCase& test : kDumps) {
    base::Arena arena;
    const auto spec = value::ReadJson(test.spec, arena);
    ASSERT_TRUE(spec.has_value()) << test.name;
    EXPECT_EQ(ReleaseDump(test.kind, test.dialect, *spec), test.want) << test.name;
  }
}

}  // namespace
}  // namespace openchoreo::release
