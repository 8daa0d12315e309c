import { readSnapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';
import { corpusFile, describeCorpus } from '../../support/corpus.ts';

const FOLDER = 'kube-proxy/iptables-v1.30-kitchen-sink';

/** What `check` says above `none` of a node in iptables mode with its rules changed, by a kube-proxy of a later version. */
function loud(change: (rules: string) => string): string[] {
  const rules = corpusFile(`${FOLDER}/iptables-save.txt`);
  const files = [
    ['iptables-save.txt', change(rules)],
    ['objects.json', corpusFile(`${FOLDER}/objects.json`)],
    ['kube-proxy-version.txt', 'Kubernetes v1.34.1\n'],
  ];
  expect(change(rules)).not.toBe(rules);
  return checkSnapshot(readSnapshot(files.map(([name = '', content = '']) => ({ name, content }))))
    .findings.filter(({ severity }) => severity !== 'none')
    .map(({ text }) => text);
}

/**
 * Since 1.32 a rule before that of a node port counts what is sent to it at the loopback address, and the rule for invalid packets counts
 * them.
 */
function withCounters(rules: string): string {
  const counted = rules.replaceAll(
    /^-A KUBE-NODEPORTS (.* --dport \d+) (-j KUBE-EXT-\S+)$/gm,
    '-A KUBE-NODEPORTS -d 127.0.0.0/8 $1 -m nfacct --nfacct-name  localhost_nps_accepted_pkts $2\n$&',
  );
  return counted.replace('--ctstate INVALID -j DROP', '--ctstate INVALID -m nfacct --nfacct-name  ct_state_invalid_dropped_pkts -j DROP');
}

describeCorpus('kube-proxy', 'rules that count packets by name, as newer versions of iptables mode have them', () => {
  it('are no alarm', () => {
    expect(loud(withCounters)).toEqual([]);
  });

  it('do not stand for the rule of the node port itself', () => {
    expect(loud((rules) => withCounters(rules).replace(/^-A KUBE-NODEPORTS -p tcp .* --dport 30080 -j \S+\n/m, ''))).toEqual([
      'prod/web:http: connections from pods, the node and outside to the node port are not served, which kube-proxy would deliver',
    ]);
  });
});
