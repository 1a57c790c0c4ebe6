"""What becomes of a component in the life of a team, once for every way to deliver it. The deliveries are in deliver.py."""
import time

from world import condition, lab

QUOTA = ('api/v1', 'resourcequotas')
PODS = ('api/v1', 'pods')
DEPLOYMENTS = ('apis/apps/v1', 'deployments')


def told_of(world, tree, component):
    return f'{component}-development', tree.organization


def workload(world, tree, component, resource=DEPLOYMENTS):
    """The live object of that kind the component has."""
    found = world.api.list(resource, None, f'openchoreo.dev/component={component},openchoreo.dev/environment=development')
    return found[0] if found else None


def delivered(world, delivery, tree, what, want, component='my-service', **more):
    delivery.deliver(tree)
    return world.expect(what, want, *told_of(world, tree, component), **more)


def begin(world, delivery, tree):
    delivered(world, delivery, tree, 'first rollout', 'True Ready: ReleaseBinding is ready', seconds=150)
    world.expect('first rollout', 'True CronJobScheduled', *told_of(world, tree, 'nightly-report'), kind='ResourcesReady')
    world.expect('a Job completes', 'True JobCompleted', *told_of(world, tree, 'migration'), kind='ResourcesReady')
    delivery.shows('Healthy')


def rollout(world, delivery, tree):
    tree.release('my-service', image='1.3.0', replicas=2)
    delivered(world, delivery, tree, 'rollout', 'True Ready')
    world.until('two replicas', lambda: workload(world, tree, 'my-service')['status'].get('readyReplicas') == 2)


def failed_image(world, delivery, tree):
    before = tree.release('my-service', image='9.9.9', deadline=4, stuck=True)
    delivered(world, delivery, tree, 'an image that cannot be pulled', 'False ResourcesProgressing')

    def refuse():  # what a kubelet would say
        stuck = [p for p in world.api.list(PODS) if p['spec'].get('nodeSelector')]
        for pod in stuck:
            world.api.merge(PODS, pod['metadata']['namespace'], pod['metadata']['name'], {'status': {'containerStatuses': [
                {'name': 'main', 'image': 'x', 'imageID': '', 'ready': False, 'restartCount': 0, 'state': {
                    'waiting': {'reason': 'ImagePullBackOff', 'message': 'Back-off pulling image'}}}]}}, 'status')
        return bool(stuck)
    world.until('a pod that waits', refuse)
    world.expect('an image that cannot be pulled', 'False ResourcesDegraded: Primary workload Deployment/',
                 *told_of(world, tree, 'my-service'), contains='ImagePullBackOff')
    delivery.shows('Degraded')
    tree.bind('my-service', before)
    delivered(world, delivery, tree, 'rollback', 'True Ready')


def quota(world, delivery, tree):
    ns = workload(world, tree, 'my-service')['metadata']['namespace']
    world.api.create(QUOTA, ns, {'metadata': {'name': 'none'}, 'spec': {'hard': {'pods': '0'}}})
    # One replica of the old revision goes first, so that none can be made in its place.
    tree.release('my-service', image='1.4.0', replicas=3)
    delivered(world, delivery, tree, 'a quota that is used up', 'False ResourcesDegraded', contains='exceeded quota')
    world.api.delete(QUOTA, ns, 'none')
    # Its controller waits longer each time: as a developer would, do not wait.
    tree.release('my-service', image='1.5.0', replicas=1)
    delivered(world, delivery, tree, 'the quota is gone', 'True Ready', seconds=120)


def paused(world, delivery, tree):
    before = tree.release('my-service', image='1.5.0', paused=True)
    delivered(world, delivery, tree, 'paused', 'True ReadyWithSuspendedResources', kind='ResourcesReady')
    tree.bind('my-service', before)
    delivered(world, delivery, tree, 'paused no longer', 'True Ready: Primary', kind='ResourcesReady')


def scaled_to_zero(world, delivery, tree):
    before = tree.release('my-service', replicas=0)
    delivered(world, delivery, tree, 'scaled to zero', 'True ReadyWithSuspendedResources', kind='ResourcesReady')
    delivery.shows('Suspended')
    tree.bind('my-service', before)
    delivered(world, delivery, tree, 'scaled up again', 'True Ready: Primary', kind='ResourcesReady')


def job_fails(world, delivery, tree):
    tree.add('broken-migration')
    tree.release('broken-migration', seconds=2, stuck=True)
    delivered(world, delivery, tree, 'a Job that fails', 'False JobFailed', component='broken-migration')
    delivery.shows('Degraded')
    del tree.files[tree.binding_path('broken-migration')]
    delivery.deliver(tree)
    world.until('the deleted binding to go', lambda: world.binding('broken-migration-development', tree.organization) is None)
    world.until('its objects to go', lambda: workload(world, tree, 'broken-migration', ('apis/batch/v1', 'jobs')) is None)


def cron_job_suspended(world, delivery, tree):
    before = tree.release('nightly-report', suspend=True)
    delivered(world, delivery, tree, 'CronJob suspended', 'True CronJobSuspended', 'nightly-report', kind='ResourcesReady')
    tree.bind('nightly-report', before)
    delivered(world, delivery, tree, 'CronJob at work', 'True CronJobScheduled', 'nightly-report', kind='ResourcesReady')


def deleted_by_hand(world, delivery, tree):
    item = workload(world, tree, 'my-service', ('api/v1', 'services'))
    world.api.delete(('api/v1', 'services'), item['metadata']['namespace'], item['metadata']['name'])
    world.expect('deleted by hand', 'False ReleaseSynced: Release is not synced: 1 of', *told_of(world, tree, 'my-service'),
                 contains='Service')
    delivery.restore()
    world.expect('made again', 'True Ready', *told_of(world, tree, 'my-service'))


def edited_by_hand(world, delivery, tree):
    item = workload(world, tree, 'my-service')
    world.api.merge(DEPLOYMENTS, item['metadata']['namespace'], item['metadata']['name'], {'spec': {'paused': True}})
    world.expect('edited by hand', 'True ReadyWithSuspendedResources', *told_of(world, tree, 'my-service'), kind='ResourcesReady')
    world.api.merge(DEPLOYMENTS, item['metadata']['namespace'], item['metadata']['name'], {'spec': {'paused': None}})
    world.expect('put right', 'True Ready: Primary', *told_of(world, tree, 'my-service'), kind='ResourcesReady')


def broken_template(world, delivery, tree):
    before = tree.release('my-service', broken=True)
    delivery.deliver(tree)
    ns = tree.organization
    # The binding itself is not delivered either, so its generation is the old one.
    world.expect('a broken template', 'False RenderingFailed: Failed to render resources: ', 'my-service-development', ns,
                 contains='nosuch')
    world.expect('others are not hit', 'True Ready', 'nightly-report-development', ns)
    world.until('what runs, stays', lambda: workload(world, tree, 'my-service') is not None)
    tree.bind('my-service', before)
    delivered(world, delivery, tree, 'mended', 'True Ready')


def undeploy(world, delivery, tree):
    if not tree.undeploys:  # no such word in that dialect
        return
    tree.undeploy('my-service')
    delivered(world, delivery, tree, 'Undeploy', 'False ResourcesUndeployed: Resources undeployed')
    world.until('nothing is left', lambda: workload(world, tree, 'my-service') is None)
    tree.undeploy('my-service', False)
    delivered(world, delivery, tree, 'deployed again', 'True Ready')


def promotion(world, delivery, tree):
    """Staging waits until development is ready."""
    ns = tree.organization
    tree.add('my-service', 'staging')
    delivery.deliver(tree)
    world.expect('staging follows', 'True Ready', 'my-service-staging', ns)
    before = tree.release('my-service', image='1.6.0', stuck=True)
    tree.bind('my-service', tree.bound('my-service'), 'staging')
    delivery.deliver(tree)
    world.expect('development is at work', 'False ResourcesProgressing', 'my-service-development', ns)
    try:
        lab.hold('staging waits', lambda: world.binding('my-service-staging', ns)['spec']['releaseName'] == before, 4)
    except lab.Failed as e:
        world.failures.append(str(e))
    tree.release('my-service', image='1.7.0')
    tree.bind('my-service', tree.bound('my-service'), 'staging')
    delivered(world, delivery, tree, 'development is ready', 'True Ready')
    world.until('the gate opens', lambda: world.binding('my-service-staging', ns)['spec']['releaseName'] ==
                tree.bound('my-service'))
    world.expect('staging is ready', 'True Ready', 'my-service-staging', ns)


def cannot_be_applied(world, delivery, tree):
    """A Job's template cannot be changed: the operator's own words are told."""
    before = tree.release('migration', image='2.0.0')
    delivered(world, delivery, tree, 'an object that is refused', 'False Re', 'migration', contains='field is immutable')
    name, ns = told_of(world, tree, 'migration')
    begun, since = len(world.watcher.until_now()), time.time()
    time.sleep(7)  # the operator tries again every three seconds
    # What ran before runs well, and what is told is that the operator fails: that is no delay.
    world.quiet.append((since, time.time()))
    reasons = {condition(item, 'Ready').get('reason') for _, kind, key, item in world.watcher.until_now()[begun:]
               if kind == 'ReleaseBinding' and key == f'{ns}/{name}'}
    if len(reasons) > 1:
        world.failures.append(f'an object that is refused: reasons flip while the operator tries again: {reasons}')
    tree.bind('migration', before)
    delivered(world, delivery, tree, 'taken back', 'True JobCompleted', 'migration', kind='ResourcesReady')


STORY = (begin, rollout, failed_image, quota, paused, scaled_to_zero, job_fails, cron_job_suspended, deleted_by_hand,
         edited_by_hand, broken_template, undeploy)


def tell(world, delivery, tree, chapters=STORY):
    for chapter in chapters:
        begun, before = time.monotonic(), len(world.failures)
        chapter(world, delivery, tree)
        mark = 'ok   ' if len(world.failures) == before else 'FAIL '
        print(f'{mark} {chapter.__name__} ({time.monotonic() - begun:.1f} s)', flush=True)
        for failure in world.failures[before:]:
            print('      ', failure, flush=True)
