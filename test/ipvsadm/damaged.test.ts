import { parseIpvsadm, printIpvsadm, type Destination, type IpvsadmValue, type VirtualService } from '@netdrift/ipvsadm';
import { positionAt, type Diagnostic } from '@netdrift/core';
import { describe, expect, it } from 'vitest';
import { fixture } from './fixture.ts';
import { withoutSpans } from './corpus-outputs.ts';
import { expectLinear } from '../support/growth.ts';

const listing = fixture('ipvsadm-1.31/one-table/ln.txt');
const forms = ['ln', 'tun-info', 'thresholds', 'persistent-conn', 'stats', 'rate', 'proc-ip_vs', 'save-n', 'timeout', 'proc-ip_vs_stats'];

function services(value: IpvsadmValue): readonly VirtualService[] {
  return value.kind === 'IpvsadmListing' || value.kind === 'IpvsadmSave' ? value.services : [];
}

/** Nodes as text, each with the line it stands on. */
function facts(text: string): Map<number, string> {
  const found = new Map<number, string>();
  const add = (node: VirtualService | Destination, more: object): void => {
    found.set(node.span.start, JSON.stringify(withoutSpans({ ...node, ...more })));
  };
  for (const service of services(parseIpvsadm(text).value)) {
    add(service, { destinations: [] });
    for (const destination of service.destinations) add(destination, {});
  }
  return found;
}

function marked(diagnostics: readonly Diagnostic[], start: number, end: number): boolean {
  return diagnostics.some(({ span }) => span.start <= end && span.end >= start);
}

describe('a text cut at every character', () => {
  for (const form of forms) {
    it(`of ${form} gives no wrong value without a diagnostic on its line`, () => {
      const text = fixture(`ipvsadm-1.31/seed/${form}.txt`);
      const whole = facts(text);
      for (let end = 0; end < text.length; end += 1) {
        const cut = text.slice(0, end);
        const { diagnostics } = parseIpvsadm(cut);
        const lastLine = cut.lastIndexOf('\n') + 1;
        const open = cut.slice(lastLine).trim() !== '';
        for (const [start, fact] of facts(cut)) {
          if (fact === whole.get(start)) continue;
          expect([form, end, fact, marked(diagnostics, lastLine, end)]).toEqual([form, end, fact, true]);
          expect(open).toBe(true);
        }
      }
    });
  }

  it('never reads a truncated connection as another one', () => {
    const text = fixture('ipvsadm-1.31/traffic-persistent/connections-persistent.txt');
    const { value } = parseIpvsadm(text);
    const all = new Set(value.kind === 'IpvsadmConnections' ? value.connections.map((each) => JSON.stringify(each)) : []);
    for (let end = 0; end < text.length; end += 1) {
      const cut = parseIpvsadm(text.slice(0, end));
      if (cut.value.kind !== 'IpvsadmConnections') continue;
      const wrong = cut.value.connections.filter((each) => !all.has(JSON.stringify(each)));
      const last = text.slice(0, end).lastIndexOf('\n') + 1;
      expect(wrong.every(() => marked(cut.diagnostics, last, end))).toBe(true);
    }
  });
});

describe('a listing whose titles were changed', () => {
  it('with columns in another order has its lines left out, each with a diagnostic', () => {
    const shuffled = listing.replace('Forward Weight ActiveConn InActConn', 'Weight Forward ActiveConn InActConn');
    const { value, diagnostics } = parseIpvsadm(shuffled);
    expect(services(value)).toEqual([]);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['ipvsadm/unknown-columns', 'ipvsadm/orphan-destination']));
    const first = diagnostics[0];
    expect(first?.message).toBe('title is not one that ipvsadm prints: expected the end of the line, found "Weight"');
    expect(positionAt(shuffled, first?.span.start ?? 0)).toEqual({ line: 3, column: 35 });
  });

  it('with the columns of a row in another order leaves that row out', () => {
    const shuffled = listing.replace('Masq    1 ', '1    Masq ');
    const { value, diagnostics } = parseIpvsadm(shuffled);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'ipvsadm/bad-value expected a forwarding method such as Masq, Route or Tunnel, found "1"',
    ]);
    expect(services(value)).toHaveLength(services(parseIpvsadm(listing).value).length);
  });

  it('without any one title line never gives a value that the whole listing does not have', () => {
    for (const form of forms.slice(0, 7)) {
      const text = fixture(`ipvsadm-1.31/seed/${form}.txt`);
      const lines = text.split('\n');
      const known = new Set(facts(text).values());
      for (let removed = 0; removed < 3; removed += 1) {
        const left = lines.filter((_, index) => index !== removed).join('\n');
        expect([form, removed, [...facts(left).values()].filter((fact) => !known.has(fact))]).toEqual([form, removed, []]);
        expect(parseIpvsadm(left).diagnostics.length).toBeGreaterThan(0);
      }
    }
  });

  it('without titles is read as the plain form, with a warning', () => {
    const bare = listing.split('\n').slice(3).join('\n');
    const { value, diagnostics } = parseIpvsadm(bare);
    expect(withoutSpans(services(value))).toEqual(withoutSpans(services(parseIpvsadm(listing).value)));
    expect(diagnostics).toEqual([
      {
        code: 'ipvsadm/title-missing',
        severity: 'warning',
        message: 'the title lines are missing; read as the plain form',
        span: { start: 0, end: bare.indexOf('\n') },
      },
    ]);
  });

  it('whose rows are of another form leaves all of them out', () => {
    const rows = fixture('ipvsadm-1.31/one-table/ln.txt').split('\n').slice(3);
    const title = fixture('ipvsadm-1.31/seed/stats.txt').split('\n').slice(0, 3);
    expect(services(parseIpvsadm([...title, ...rows].join('\n')).value)).toEqual([]);
  });
});

describe('a line that no tool prints', () => {
  const title = listing.split('\n').slice(0, 3).join('\n');
  const read = (text: string): readonly [number, ...string[]] => {
    const { value, diagnostics } = parseIpvsadm(text);
    return [services(value).length, ...diagnostics.map(({ code, message }) => `${code}: ${message}`)];
  };

  it.each([
    ['TCP  10.0.0.1:443 rr  -> 192.168.0.1:6443 Masq 1 0 0', 'ipvsadm/bad-line: expected the end of the line, found "->"'],
    ['TCP  10.0.0.1:443 1 2 3 4 5', 'ipvsadm/bad-value: expected a scheduler such as rr or wlc, found "1"'],
    ['TCP  10.0.0.1:443 100000K', 'ipvsadm/bad-value: expected a scheduler such as rr or wlc, found "100000K"'],
    ['TCP  10.0.0.1:443 r\u0000r', 'ipvsadm/bad-value: expected a scheduler such as rr or wlc, found "r\\x00r"'],
    ['TCP  10.0.0.1:443 \u001b[31mrr', 'ipvsadm/bad-value: expected a scheduler such as rr or wlc, found "\\x1b[31mrr"'],
    ['TCP  10.0.0.1:443 rr\r\r', 'ipvsadm/bad-value: expected a scheduler such as rr or wlc, found "rr\\r"'],
    ['TCP  10.0.0.1:443 rr persistent 9 pe s\u0000p', 'ipvsadm/bad-value: expected a persistence engine such as sip, found "s\\x00p"'],
    [
      'TCP  10.0.0.1:443 rr persistent 9 mask 64',
      'ipvsadm/bad-value: expected an IPv6 service, as its mask is a prefix length, found "10.0.0.1:443"',
    ],
    [
      'TCP  [::1]:443 rr persistent 9 mask 255.0.0.0',
      'ipvsadm/bad-value: expected an IPv4 service, as its mask is an IPv4 address, found "[::1]:443"',
    ],
    [
      'FWM  5 IPv6 rr persistent 9 mask 255.0.0.0',
      'ipvsadm/bad-value: expected an IPv4 service, as its mask is an IPv4 address, found "5"',
    ],
    ['TCP  10.0.0.300:443 rr', 'ipvsadm/bad-value: expected an address and a port, found "10.0.0.300:443"'],
    ['TCP  010.0.0.1:443 rr', 'ipvsadm/bad-value: expected an address and a port, found "010.0.0.1:443"'],
    ['TCP  10.0.0.1:443" rr', 'ipvsadm/bad-value: expected an address and a port, found "10.0.0.1:443""'],
    ['TCP  [fe80::1%eth0]:443 rr', 'ipvsadm/bad-value: expected an address and a port, found "[fe80::1%eth0]:443"'],
    ['FWM  4294967296 rr', 'ipvsadm/bad-value: expected a firewall mark, a whole number, found "4294967296"'],
  ])('gives no service: %j', (line, told) => {
    expect(read(`${title}\n${line}\n`)).toEqual([0, told]);
  });

  it('of a rule file gives no service either', () => {
    expect(read('-A -t 10.0.0.1:80 -s 10.0.0.0/8\n')).toEqual([
      0,
      'ipvsadm/bad-value: expected a scheduler such as rr or wlc, found "10.0.0.0/8"',
    ]);
    expect(read('-A -M 24 -p 9 -t 10.0.0.1:80\n')).toEqual([
      0,
      'ipvsadm/bad-value: expected an IPv6 service, as its mask is a prefix length, found "-A"',
    ]);
    expect(read('-A -f 1 -6 -p -M 255.0.0.0\n')).toEqual([
      0,
      'ipvsadm/bad-value: expected an IPv4 service, as its mask is an IPv4 address, found "-A"',
    ]);
  });

  it('with a protocol of no service is told', () => {
    expect(read(`${title}\nTLS  10.0.0.1:443 handshake\n`)).toEqual([
      1,
      'ipvsadm/unknown-protocol: protocol "TLS" is not one that a service can have',
    ]);
  });

  it('with a whole figure among shortened ones is told once', () => {
    const stats = fixture('ipvsadm-1.31/seed/stats.txt').split('\n').slice(0, 3).join('\n');
    const row = 'TCP  10.0.0.1:80                   100000K 123456789 123456789        0        0';
    const message = 'ipvsadm/mixed-figures: figure 123456789 is whole, others above are not';
    expect(read(`${stats}\n${row}\n`)).toEqual([1, message]);
  });

  it('the first three rates of a destination are never shortened, and say nothing of --exact', () => {
    const rate = fixture('ipvsadm-1.31/seed/rate.txt').split('\n').slice(0, 3).join('\n');
    const text = `${rate}\nTCP  10.0.0.1:80                   123456K  100000K        0        0        0\n  -> 10.0.0.2:80                  123456789 100000000        0        0        0\n`;
    const { value, diagnostics } = parseIpvsadm(text);
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({ layout: { form: 'rate', exact: false } });
    expect(printIpvsadm(value)).toBe(text);
  });
});

describe('text of other tools', () => {
  const others = [
    'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n',
    'Name: KUBE-CLUSTER-IP\nType: hash:ip,port\nMembers:\n10.96.0.1,tcp:443\n',
    'NAMESPACE   NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\ndefault     kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP   1d\n',
    'Module                  Size  Used by\nip_vs                 163840  6 ip_vs_rr\n',
    '-P INPUT ACCEPT\n-N KUBE-SERVICES\n',
    '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n',
    '<html><body>404</body></html>\n',
    '\u0000\u0001\u0002\ufffd\n',
    'TCP\n',
    '->\n',
    '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -j KUBE-SVC-X\n-A INPUT -j ACCEPT\n',
  ];
  for (const text of others) {
    it(`gives no service: ${JSON.stringify(text.slice(0, 30))}`, () => {
      const { value, diagnostics } = parseIpvsadm(text);
      expect(services(value)).toEqual([]);
      const lines = text.split('\n').filter((line) => line !== '').length;
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(lines);
    });
  }

  it('in the middle of a listing costs its own line and the destinations behind it', () => {
    const lines = listing.split('\n');
    const at = lines.findIndex((line) => line.startsWith('  -> 172.17.0.2'));
    const disturbed = [...lines.slice(0, at), 'I1122 22:30:01.000000 1 proxier.go:1] sync', ...lines.slice(at)].join('\n');
    const { diagnostics } = parseIpvsadm(disturbed);
    expect(diagnostics[0]).toMatchObject({ code: 'ipvsadm/bad-value', severity: 'error' });
    expect(new Set(diagnostics.slice(1).map(({ code }) => code))).toEqual(new Set(['ipvsadm/orphan-destination']));
  });
});

describe('hostile text', () => {
  it('of very long lines and very many words is read in linear time', () => {
    expectLinear(
      (size) => void parseIpvsadm(`${listing}TCP  10.0.0.1:80 ${'rr '.repeat(size)}\n${'x'.repeat(size)}\n${'(('.repeat(size)}\n`),
      20_000,
    );
  });

  it('with names of object properties stays text', () => {
    const { value } = parseIpvsadm('-A -t __proto__:80 -s constructor\n-a -t __proto__:80 -r toString:80 -m\n');
    expect(withoutSpans(services(value))).toEqual([
      {
        kind: 'VirtualService',
        protocol: 'TCP',
        name: '__proto__',
        port: 80,
        scheduler: 'constructor',
        destinations: [{ kind: 'Destination', name: 'toString', port: 80, forward: 'Masq' }],
      },
    ]);
  });
});
