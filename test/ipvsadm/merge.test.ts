import { mergeIpvsadm, parseIpvsadm, printIpvsadmSave } from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';
import { describeCorpus } from '../support/corpus.ts';
import { corpusStates, corpusText, withoutSpans } from './corpus-outputs.ts';

const read = (text: string) => parseIpvsadm(text).value;

const banner = 'IP Virtual Server version 1.2.1 (size=4096)\n';
const title = 'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';
const plain = `${banner}${title}TCP  10.0.0.1:443 wlc persistent 60
  -> 10.1.0.2:8443                Tunnel  3      1          0         
`;

describeCorpus('ipvsadm', 'the forms of one captured table', () => {
  const contradictions = (wanted: (folder: string) => boolean): string[] =>
    [...corpusStates()]
      .filter(([folder]) => wanted(folder))
      .flatMap(([folder, paths]) => {
        const { diagnostics } = mergeIpvsadm(paths.map((path) => read(corpusText(path))));
        return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => `${folder}: ${message}`);
      });

  it('merge without contradiction, over every scenario of ipvsadm', () => {
    expect(contradictions((folder) => folder.startsWith('ipvsadm/'))).toEqual([]);
  });

  it('merge without contradiction for kube-proxy, but where services came between two captures', () => {
    const told = contradictions((folder) => folder.startsWith('kube-proxy/'));
    expect(new Set(told.map((message) => message.split(':')[0]))).toEqual(
      new Set(['kube-proxy/ipvs-v1.30-traffic-drain/during-first-sync']),
    );
    expect(told[0]).toBe(
      'kube-proxy/ipvs-v1.30-traffic-drain/during-first-sync: service -t 192.168.10.11:30080 is missing in the save output',
    );
  });

  it('of a table with thresholds and tunnels restore what no single form shows', () => {
    const folder = 'ipvsadm/weights-thresholds/';
    const forms = ['ln.txt', 'thresholds.txt'].map((name) => read(corpusText(folder + name)));
    const restored = read(printIpvsadmSave(mergeIpvsadm(forms).value));
    expect(withoutSpans(mergeIpvsadm([restored, ...forms]).diagnostics)).toEqual([]);
    expect(printIpvsadmSave(mergeIpvsadm(forms).value)).toContain(' -x ');
  });
});

describe('merging outputs of one table', () => {
  it('puts the facts of all forms into one service', () => {
    const stats = `${banner}Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  10.0.0.1:443                        1        2        3        4        5
  -> 10.1.0.2:8443                       1        2        3        4        5
`;
    const save = '-A -t 10.0.0.1:443 -s wlc -p 60 --pe sip\n-a -t 10.0.0.1:443 -r 10.1.0.2:8443 -i -w 3 --tun-type gre --tun-csum\n';
    const noEngine = save.replace(' --pe sip', '');
    const { value, diagnostics } = mergeIpvsadm([plain, stats, noEngine].map(read));
    expect(diagnostics).toEqual([]);
    const traffic = { connections: 1, inPackets: 2, outPackets: 3, inBytes: 4, outBytes: 5 };
    expect(withoutSpans(value)).toEqual({
      kind: 'IpvsadmTable',
      version: '1.2.1',
      size: 4096,
      services: [
        {
          kind: 'VirtualService',
          protocol: 'TCP',
          address: '10.0.0.1',
          port: 443,
          scheduler: 'wlc',
          persistence: { timeout: 60 },
          counters: traffic,
          destinations: [
            {
              kind: 'Destination',
              address: '10.1.0.2',
              port: 8443,
              forward: 'Tunnel',
              tunnel: { type: 'gre', checksum: 'csum' },
              weight: 3,
              activeConnections: 1,
              inactiveConnections: 0,
              counters: traffic,
            },
          ],
        },
      ],
    });
  });

  it('tells each fact that two forms contradict', () => {
    const other = '-A -t 10.0.0.1:443 -s rr -p 90\n-a -t 10.0.0.1:443 -r 10.1.0.2:8443 -m -w 4\n-A -u 10.0.0.1:53 -s rr\n';
    expect(mergeIpvsadm([read(plain), read(other)]).diagnostics.map(({ message }) => message)).toEqual([
      'scheduler of service -t 10.0.0.1:443 is "wlc" in one output and "rr" in another',
      'timeout of service -t 10.0.0.1:443 is 60 in one output and 90 in another',
      'forward of destination 10.1.0.2:8443 of service -t 10.0.0.1:443 is "Tunnel" in one output and "Masq" in another',
      'weight of destination 10.1.0.2:8443 of service -t 10.0.0.1:443 is 3 in one output and 4 in another',
      'service -u 10.0.0.1:53 is missing in the plain output',
    ]);
  });

  it('takes a local destination and its -g in a save for one thing', () => {
    const local = plain.replace('Tunnel ', 'Local  ');
    const save = '-A -t 10.0.0.1:443 -s wlc -p 60\n-a -t 10.0.0.1:443 -r 10.1.0.2:8443 -g -w 3\n';
    for (const order of [
      [local, save],
      [save, local],
    ]) {
      const { value, diagnostics } = mergeIpvsadm(order.map(read));
      expect(diagnostics).toEqual([]);
      expect(value.services[0]?.destinations[0]?.forward).toBe('Local');
    }
  });

  it('leaves names out and says so', () => {
    const names = plain.replace('10.0.0.1:443', 'web.example.com:https');
    expect(mergeIpvsadm([read(plain), read(names)]).diagnostics.map(({ message }) => message)).toEqual([
      'service -t web.example.com:https cannot be matched with those of other outputs',
    ]);
  });

  it('ties the marks of /proc/net/ip_vs to their families by their destinations', () => {
    const listing = `${banner}${title}FWM  7 rr\n  -> 10.0.0.9:0                   Masq    1      0          0         \nFWM  7 IPv6 wlc\n`;
    const proc = `${banner}Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\nFWM  00000007 wlc \nFWM  00000007 rr \n  -> 0A000009:0000      Masq    1      0          0         \n`;
    const { value, diagnostics } = mergeIpvsadm([read(proc), read(listing)]);
    expect(diagnostics).toEqual([]);
    expect(value.services.map((service) => [service.family, service.scheduler, service.destinations.length])).toEqual([
      ['ipv4', 'rr', 1],
      ['ipv6', 'wlc', 0],
    ]);
  });
});
