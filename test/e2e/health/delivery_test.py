#!/usr/bin/env python3
"""The story of story.py with one way of delivery: conditions are right, told soon, and no version of status is ever wrong.

usage: delivery_test.py argo|flux|guide CLI MAPPER PLUGIN SOURCE [CHAPTER...]
needs: the programs of $PEER_BIN that the delivery names (make peers builds them)
"""
import shutil
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import deliver  # noqa: E402
import story  # noqa: E402
import trees  # noqa: E402
import world as w  # noqa: E402

WAYS = {'argo': (deliver.Argo, trees.V1), 'flux': (deliver.Flux, trees.V1), 'guide': (deliver.Argo, trees.Guide),
        'guide-flux': (deliver.Flux, trees.Guide)}


def main():
    way, cli, mapper, plugin, source, *names = sys.argv[1:]
    delivery_class, tree_class = WAYS[way]
    w.require(*delivery_class.needs)
    chapters = [c for c in story.STORY + delivery_class.more if not names or c.__name__ in names or c is story.begin]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = tempfile.mkdtemp(prefix='oc-', dir='/tmp')  # sockets need short paths
    world = w.World(cli, mapper, work)
    delivery = None
    try:
        # Each tree beside the CRDs of its own version of OpenChoreo.
        crds = subprocess.run([cli, 'crds', '--bindings', '--dialect', tree_class.dialect], capture_output=True, check=True,
                              text=True)
        world.start(tree_class.organization, crds.stdout)
        delivery = delivery_class(world, {'plugin': plugin, 'source': source})
        story.tell(world, delivery, tree_class(), chapters)
        status = world.finish()
        if status:
            print('\n'.join(open(world.work / 'mapper.log').read().splitlines()[-40:]))
        return status
    finally:
        if delivery:
            delivery.close()
        world.close()
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
