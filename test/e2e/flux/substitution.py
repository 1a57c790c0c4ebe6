"""`${` in rendered objects: what Flux's post-build substitution would replace, or stumble over, stays as it was rendered."""
from lab import CM, check
from tree import tree

# A declared variable, one that nobody declares, a default, and what is no variable at all.
TEXT = "echo ${TEAM} ${HOME} ${NAME:=none} ${request.auth.claims['group']} $${kept} $PLAIN"
POST_BUILD = {"substitute": {"TEAM": "web", "PLAIN": "web"}}
DISABLED = "kustomize.toolkit.fluxcd.io/substitute"


def case_dollar_braces_survive(lab):
    """Two environments with `${` in them, one of strict substitution and one without any: what is applied is what was rendered"""
    lab.commit(tree(ns=lab.ns, text=TEXT))
    lab.declare()
    lab.kustomize("app-development")
    lab.kustomize("app-production", postBuild=POST_BUILD)
    for e in ("development", "production"):
        lab.applied(lab.announced(f"app-{e}")["revision"], f"app-{e}")
        check(lab.pages(e) == {"cart": TEXT, "mail": TEXT}, f"{e}: {lab.pages(e)}")
        texts = [i for i in lab.api.list(CM, None, "openchoreo.dev/component") if "text" in i.get("data", {})]
        mine = [i for i in texts if i["data"]["text"] == TEXT and i["metadata"]["labels"].get("openchoreo.dev/environment") == e]
        check(mine and all(i["metadata"].get("annotations", {}).get(DISABLED) == "disabled" for i in mine), f"{e}: {mine}")


def case_substitution_of_its_own(lab):
    """A Kustomization with strict substitution still replaces what it adds itself, beside objects with `${`"""
    lab.commit(tree(ns=lab.ns, text={"development": TEXT, "production": "plain"}))
    lab.declare()
    patch = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: any\n  annotations: {team: '${TEAM}'}\n"
    lab.kustomize("app-development", postBuild=POST_BUILD, patches=[{"target": {"kind": "Namespace"}, "patch": patch}])
    lab.applied(lab.announced("app-development")["revision"], "app-development")
    check(lab.pages("development") == {"cart": TEXT, "mail": TEXT}, f"{lab.pages('development')}")
    files = lab.download(lab.artifact("app-development"))[0]
    names = [line.split(":", 1)[1].strip() for f, data in files.items() if f.endswith("namespaces.yaml") or "projectreleasebinding" in f
             for line in data.decode().splitlines() if line.startswith("  name: ")]
    check(names, f"no Namespace in {sorted(files)}")
    namespace = lab.api.call("GET", f"api/v1/namespaces/{names[0]}")
    check(namespace["metadata"].get("annotations", {}).get("team") == "web", f"{namespace['metadata']}")
