#!/usr/bin/env python3
"""Write a tree in the style people write by hand: human_tree.py OUTDIR [--files 500]

Comments above and behind, blank lines, quoted keys, literal and folded blocks, plain and quoted scalars over several lines, flow maps in
templates, an anchor here and there. Every file is another draw; the draw is the same every time."""
import argparse, pathlib, random

ap = argparse.ArgumentParser(); ap.add_argument('out'); ap.add_argument('--files', type=int, default=500)
a = ap.parse_args()
HEAD = """# Owned by team {team}; ask in #{team} before you change limits.
apiVersion: openchoreo.dev/v1alpha1
kind: {kind}
metadata:
  name: {name}
  namespace: acme
  annotations:
    "openchoreo.dev/display-name": "{name}"
    openchoreo.dev/description: {description}
spec:
"""
DESCRIPTIONS = ['Serves the catalogue', '"Serves the catalogue: prices, stock"', '>-\n      Serves the catalogue to the shop,\n      and to whoever asks politely.',
                'Serves the catalogue to the shop\n      and to whoever asks politely']
PARTS = ["""  owner: {projectName: shop, componentName: %s}   # the folder's name
  environment: development
""", """  container:
    image: "ghcr.io/acme/%s:v1.2.3"
    command: ["/bin/server"]
    args:
      - --listen=:8080
      - "--log-level=info"   # debug fills the disk
    env:
      # Where the database is; its password comes from the vault.
      - key: DATABASE_URL
        value: 'postgres://db.acme:5432/shop'
      - key: PASSWORD
        valueFrom: {secretKeyRef: {name: db, key: password}}
""", """  resources:
    - id: deployment
      template:
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "${metadata.name}", labels: "${metadata.labels}"}
        spec:
          replicas: ${environmentConfigs.replicas}
          template:
            spec:
              containers:
                - name: main
                  image: ${workload.container.image}
                  # %s
                  env: "${configurations.toContainerEnvFrom()}"
""", """  files:
    - key: nginx.conf
      mountPath: /etc/nginx
      value: |
        server {
          listen 8080;          # plain
          location /%s { return 200; }
        }
""", """  defaults: &defaults
    cpu: 100m
  limits:
    <<: *defaults
    memory: 256Mi   # %s
"""]
WEIGHTS = [30, 30, 25, 12, 3]
r = random.Random(1)
for i in range(a.files):
    name = f'part-{i:04}'
    text = HEAD.format(team=r.choice(['shop', 'pay', 'core']), kind=r.choice(['ReleaseBinding', 'Workload', 'ComponentType']), name=name,
                       description=r.choices(DESCRIPTIONS, [60, 20, 10, 10])[0])
    parts = dict.fromkeys(r.choices(PARTS, WEIGHTS, k=r.randrange(1, 4)))  # no key twice
    for part in parts: text += part.replace('%s', name) + ('\n' if r.randrange(3) == 0 else '')
    path = pathlib.Path(a.out) / f'team-{i % 7}' / f'{name}.yaml'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
