import { parseIpvsadm, printIpvsadm, printIpvsadmSave } from '@netdrift/ipvsadm';
import type { Diagnostic } from '@netdrift/core';
import { describe, expect, it } from 'vitest';
import { describeCorpus } from '../support/corpus.ts';
import { corpusStates, corpusText, withoutSpans } from './corpus-outputs.ts';
import { fixture } from './fixture.ts';

function restore(text: string): { readonly text: string; readonly told: readonly string[] } {
  const told: Diagnostic[] = [];
  const restored = printIpvsadmSave(parseIpvsadm(text).value, { report: (diagnostic) => told.push(diagnostic) });
  return { text: restored, told: told.map(({ code, message }) => `${code}: ${message}`) };
}

const title =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';

describe('restore text', () => {
  it('of a listing is what ipvsadm -S printed for the same table', () => {
    expect(restore(fixture('ipvsadm-1.31/seed/ln.txt'))).toEqual({
      text: fixture('ipvsadm-1.31/seed/save-n.txt'),
      told: ['ipvsadm/default-assumed: thresholds are not shown; none will be set'],
    });
  });

  it('of tunnels has their types where the form shows them', () => {
    expect(restore(fixture('ipvsadm-1.31/tunnels/tun-info.txt')).text).toBe(fixture('ipvsadm-1.31/tunnels/save-n.txt'));
    expect(restore(fixture('ipvsadm-1.31/tunnels/ln.txt')).told).toEqual([
      'ipvsadm/default-assumed: thresholds are not shown; none will be set',
      'ipvsadm/default-assumed: tunnel types are not shown; ipip will be set',
    ]);
  });

  it('leaves out marks above 2147483647, with a warning each', () => {
    expect(restore(fixture('ipvsadm-1.31/fwmark-big/save-n.txt'))).toEqual({
      text: '',
      told: [
        'ipvsadm/mark-not-restorable: service -f -2147483648 is left out: ipvsadm -R refuses marks above 2147483647',
        'ipvsadm/mark-not-restorable: service -f -1 is left out: ipvsadm -R refuses marks above 2147483647',
      ],
    });
  });

  it('writes no -b for a flag without a name, which ipvsadm -R would skip with the whole service', () => {
    expect(restore('-A -t 10.2.0.10:80 -s sh -b \n')).toEqual({
      text: '-A -t 10.2.0.10:80 -s sh\n',
      told: ['ipvsadm/flag-not-restorable: a scheduler flag of service -t 10.2.0.10:80 has no name and is left out'],
    });
  });

  it('mends the bare words of ipvsadm 1.26', () => {
    expect(restore('-A -u 10.0.0.14:5060 -s rr -p 300 pe sip ops\n').text).toBe('-A -u 10.0.0.14:5060 -s rr -p 300 --pe sip -o\n');
  });

  it('writes local destinations as -g and says so', () => {
    expect(restore(`${title}TCP  10.0.0.1:80 rr\n  -> 10.0.0.1:80                  Local   1      0          0         \n`)).toEqual({
      text: '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.1:80 -g -w 1\n',
      told: [
        'ipvsadm/local-not-restorable: a local destination of service -t 10.0.0.1:80 is written as -g',
        'ipvsadm/default-assumed: thresholds are not shown; none will be set',
      ],
    });
  });

  it('writes nothing for a form without schedulers or methods, never a default in their place', () => {
    const stats = restore(fixture('ipvsadm-1.31/seed/stats.txt'));
    expect(stats.text).toBe('');
    expect(stats.told[0]).toBe('ipvsadm/fact-not-shown: service -t 10.0.0.1:443 is left out: its scheduler is not shown');
    expect(restore(fixture('ipvsadm-1.31/seed/thresholds.txt'))).toEqual({
      text: '-A -t 10.0.0.1:443 -s rr -p 10800\n-A -t 10.0.0.10:53 -s rr\n-A -u 10.0.0.10:53 -s rr\n',
      told: [
        'ipvsadm/fact-not-shown: a destination of service -t 10.0.0.1:443 is left out: its method is not shown',
        'ipvsadm/fact-not-shown: a destination of service -t 10.0.0.10:53 is left out: its method is not shown',
        'ipvsadm/fact-not-shown: a destination of service -u 10.0.0.10:53 is left out: its method is not shown',
      ],
    });
  });

  it('leaves out methods of patched tools, conditions, and names that were cut', () => {
    expect(
      restore(
        `${title}TCP  10.0.0.1:80 rr\n  -> 10.0.0.2:80                  FullNat 1      0          0         \nMATCH tcp,from=10.0.0.1:0-0 rr\nTCP  ip-10-102-22-172.ec2.interna rr\nTCP  web.example.com:http rr\n`,
      ),
    ).toEqual({
      text: '-A -t 10.0.0.1:80 -s rr\n-A -t web.example.com:http -s rr\n',
      told: [
        'ipvsadm/not-restorable: a destination of service -t 10.0.0.1:80 is left out: method "FullNat" has no option',
        'ipvsadm/not-restorable: service -H tcp,from=10.0.0.1:0-0 is left out: it is known by a condition',
        'ipvsadm/not-restorable: service -t ip-10-102-22-172.ec2.interna is left out: its address is not shown whole',
      ],
    });
  });

  it('of a value without services is empty, with an error', () => {
    expect(restore('Timeout (tcp tcpfin udp): 900 120 300\n')).toEqual({
      text: '',
      told: ['ipvsadm/nothing-to-restore: the value holds no table of services'],
    });
  });
});

describe('a rule file as people write it', () => {
  it('is read in any order of options, in long and short form, with values glued or apart', () => {
    const { value, diagnostics } = parseIpvsadm(`# web
--add-service --scheduler=wlc --tcp-service 10.0.0.1:80 --persistent 600 --netmask 255.255.255.0

-at 10.0.0.1:80 -w5 -mr10.0.1.1:8080 -x 100 -y 50
--add-server --fwmark-service=7 -6 -r [2001:DB8:0::1]:80 --ipip --tun-type gue --tun-port 6080 --tun-remcsum
-A -f7 -6 -s mh -b mh-fallback,mh-port -p
--add-server --fwmark-service=7 --ipv6 -r [2001:DB8:0::1]:80 --ipip --tun-type gue --tun-port 6080 --tun-remcsum
`);
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'ipvsadm/comment: line begins with # and is left out',
      'ipvsadm/service-not-added: no earlier line adds the service -f 7 -6',
    ]);
    expect(printIpvsadm(value)).toBe(`-A -t 10.0.0.1:80 -s wlc -p 600 -M 255.255.255.0
-a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m -w 5 -x 100 -y 50
-A -f 7 -6 -s mh -p -b mh-fallback,mh-port
-a -f 7 -6 -r [2001:db8::1]:80 -i --tun-type gue --tun-port 6080 --tun-remcsum
`);
    expect(withoutSpans(parseIpvsadm(printIpvsadm(value)).value)).toEqual(withoutSpans(value));
  });

  it('says what it does not take', () => {
    const messages = (text: string): string[] => parseIpvsadm(text).diagnostics.map(({ code, message }) => `${code}: ${message}`);
    expect(messages('-A -s rr\n')).toEqual([
      'ipvsadm/bad-value: expected a command with one service (-t, -u, --sctp-service or -f), found "-A"',
    ]);
    expect(messages('-A -t 10.0.0.1:80 -u 10.0.0.1:53\n')).toEqual([
      'ipvsadm/bad-value: expected a command with each option once, found "-A"',
    ]);
    expect(messages('-A -t 10.0.0.1:80 -s\n')).toEqual(['ipvsadm/bad-line: expected a value of this option, found the end of the line']);
    expect(messages('-A -t 10.0.0.1:99999 -s rr\n')).toEqual(['ipvsadm/bad-value: expected an address and a port, found "10.0.0.1:99999"']);
    expect(messages('-A -t 10.0.0.1:80 -s rr web\n')).toEqual(['ipvsadm/bad-line: expected the end of the line, found "web"']);
    expect(messages('-a -t 10.0.0.1:80 -m\n')).toEqual(['ipvsadm/bad-value: expected a command with a destination (-r), found "-a"']);
    expect(messages('-C\n')).toEqual(['ipvsadm/other-command: command -C is not carried out']);
  });
});

describeCorpus('ipvsadm', 'restore text over every scenario', () => {
  it('of a listing with tunnel types is ipvsadm -Sn itself, but for what cannot be restored', () => {
    const different = new Map<string, string>();
    let equal = 0;
    for (const [folder, paths] of corpusStates()) {
      const listing = paths.find((path) => path.endsWith('/tun-info.txt')) ?? paths.find((path) => path.endsWith('ln.txt'));
      const save = paths.find((path) => /\/(?:ipvsadm-Sn|save-n)\.txt$/.test(path));
      if (listing === undefined || save === undefined) continue;
      const listed = corpusText(listing) === '' ? corpusText(listing.replace('tun-info', 'ln')) : corpusText(listing);
      const restored = restore(listed).text;
      if (restored === corpusText(save)) equal += 1;
      else
        different.set(
          folder,
          corpusText(save)
            .split('\n')
            .filter((line) => !restored.split('\n').includes(line))
            .join('\n'),
        );
    }
    expect(Object.fromEntries(different)).toEqual({
      'ipvsadm/fwmark-big': '-A -f -2147483648 -s rr\n-A -f -1 -s rr -p 60\n-a -f -1 -r 10.204.9.1:0 -g -w 1',
      'ipvsadm/sched-flags': '-A -t 10.2.0.10:80 -s sh -b \n-A -t 10.2.0.11:80 -s mh -b ',
      'ipvsadm/versions/1.26':
        '-A -u 10.0.0.10:53 -s rr ops\n-A -u 10.0.0.14:5060 -s rr -p 300 pe sip ops\n-A -u 10.0.0.15:5060 -s rr -p 300 pe sip',
    });
    expect(equal).toBeGreaterThan(100);
  });
});
