"""The tree of the cases in the dialect of OpenChoreo's GitOps guide (v0.12): what tree.py writes, put into the older shapes."""
import re

SCHEMA = re.compile(r"(?m)^( *)parameters:\n +openAPIV3Schema:\n +type: object\n +properties:\n +text: \{type: string, default: none\}\n")
REPLACED = [
    (re.compile(r"dataPlaneRef: \{kind: DataPlane, name: (\S+)\}"), r"dataPlaneRef: \1"),
    (re.compile(r"sourceEnvironmentRef: \{name: (\S+)\}"), r"sourceEnvironmentRef: \1"),
    (re.compile(r"deploymentPipelineRef: \{name: (\S+)\}\n  type: .*\n"), r"deploymentPipelineRef: \1\n"),
    (re.compile(r"  autoDeploy: false\n  componentType: \{kind: ComponentType, name: (\S+)\}"), r"  componentType: \1"),
    (re.compile(r"  componentType:\n    kind: ComponentType\n    name: \S+\n    spec:\n"), "  componentType:\n"),
    (re.compile(r"(?m)^( *)container: (\{image: \S+\})"), r"\1containers: {main: \2}"),
    (re.compile(r"(?m)^  gateway: .*$"), "  gateway: {publicVirtualHost: example.com, organizationVirtualHost: internal.example.com}"),
    (re.compile(r"- id: page"), "- id: proxy"),  # the primary resource bears the workload type's name
    (SCHEMA, r'\1schema:\n\1  parameters:\n\1    text: "string | default=none"' + "\n"),
]


def to_guide(files, ns):
    """path -> text. Objects of that time bear no label of their OpenChoreo namespace: their data says it."""
    found = {}
    for path, text in files.items():
        if "\nkind: ProjectType" in text:
            continue
        for pattern, into in REPLACED:
            text = pattern.sub(into, text)
        found[path] = re.sub(r"(?m)^( *)text: \$\{parameters\.text\}$", rf"\g<0>\n\1organization: {ns}", text)
    return found
