import { expect, it } from 'vitest';
import { READERS } from '../../../packages/drift/src/read/readers/readers.ts';
import type { ReaderValue } from '../../../packages/drift/src/read/readers/reader.ts';
import { corpusFile, corpusFiles, describeCorpus } from '../../support/corpus.ts';

/** What the readers say a text is: every reader is asked, so that no two claim one text. */
function claims(text: string): { readonly kind: string; readonly value: ReaderValue }[] {
  return READERS.flatMap((reader) => {
    const value = reader.read(text);
    return value === undefined ? [] : [{ kind: value.kind, value }];
  });
}

const NAMED: readonly (readonly [ending: string, kind: string])[] = [
  ['kubectl-get-svc.txt', 'Services'],
  ['kubectl-get-svc-wide.txt', 'Services'],
  ['kubectl-get-endpoints.txt', 'Endpoints'],
  ['kubectl-get-endpointslices.txt', 'EndpointSlices'],
  ['objects.json', 'Objects'],
  ['ip-addr-kube-ipvs0.txt', 'InterfaceAddresses'],
  ['ip-addr-kube-ipvs0.stderr.txt', 'NoInterface'],
  ['ipset-list.stderr.txt', 'NoProgram'],
  ['proxy-mode.txt', 'ProxyMode'],
  ['kube-proxy-version.txt', 'ProxyVersion'],
  ['kube-proxy.log', 'ProxyLog'],
  ['kube-proxy-after.log', 'ProxyLog'],
  ['uname.txt', 'KernelRelease'],
  ['sysctl.txt', 'Sysctls'],
  ['sysctl-arp.txt', 'Sysctls'],
];

describeCorpus('kube-proxy', 'the small readers on real text', () => {
  it.each(NAMED)('know every %s for what it is, without a remark', (ending, kind) => {
    const files = corpusFiles('kube-proxy', (path) => path.endsWith(`/${ending}`));
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) {
      const found = claims(corpusFile(path));
      expect([path, ...found.map((claim) => claim.kind)]).toEqual([path, kind]);
      expect(found[0]?.value.diagnostics ?? []).toEqual([]);
    }
  });

  it('claim no listing of a packet tool', () => {
    const listings = corpusFiles(
      'kube-proxy',
      (path) => /(?:ipvsadm|iptables|ip6tables|ipset|lsmod|proc-modules|modules\.builtin)[^/]*$/.test(path) && !path.includes('stderr'),
    );
    expect(listings.length).toBeGreaterThan(400);
    expect(listings.filter((path) => claims(corpusFile(path)).length > 0)).toEqual([]);
  });
});
