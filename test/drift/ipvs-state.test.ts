import { checkSnapshot, diffSnapshots, readSnapshot, renderExplanationText, explainSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const LISTING =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';
const CONNECTIONS = 'IPVS connection entries\npro expire state       source             virtual            destination\n';

const snapshot = (content: string): ReturnType<typeof readSnapshot> => readSnapshot([{ name: 'x.txt', content }]);
const told = (before: string, after: string): string[] =>
  diffSnapshots(snapshot(before), snapshot(after)).changes.map(({ severity, id, text }) => `${severity} ${id} ${text}`);
const findings = (content: string): string[] =>
  checkSnapshot(snapshot(content)).findings.map(({ severity, id, text }) => `${severity} ${id} ${text}`);

describe('what IPVS holds beside its table', () => {
  it('is known, and an equal one is no drift', () => {
    for (const text of [
      `${CONNECTIONS}TCP 14:59  ESTABLISHED 192.0.2.9:40112    198.18.0.20:80     10.42.1.7:8080\n`,
      'Timeout (tcp tcpfin udp): 900 120 300\n',
      'backup sync daemon (mcast=eth0, syncid=1)\n',
    ]) {
      expect(snapshot(text).troubles).toEqual([]);
      expect(diffSnapshots(snapshot(text), snapshot(text))).toMatchObject({ verdict: 'no-change', troubles: [], changes: [] });
    }
  });

  it('is compared: timeouts, and daemons that started, stopped or have other settings', () => {
    expect(told('Timeout (tcp tcpfin udp): 900 120 300\n', 'Timeout (tcp tcpfin udp): 900 60 1\n')).toEqual([
      'notice ipvs.timeouts.changed IPVS forgets idle connections after another time: TCP connections after a FIN 120 s → 60 s and UDP flows 300 s → 1 s',
    ]);
    const master = 'master sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n';
    const backup = 'backup sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n';
    expect(told(master, master.replace('syncid=1', 'syncid=2'))).toEqual([
      'warning ipvs.daemon.changed the master synchronisation daemon of IPVS changed: syncId 1 → 2',
    ]);
    expect(told(master, backup)).toEqual([
      'warning ipvs.daemon.removed the master synchronisation daemon of IPVS no longer runs (interface eth0, syncId 1, maxLength 1472, group 224.0.0.81, port 8848, ttl 1)',
      'notice ipvs.daemon.added the backup synchronisation daemon of IPVS runs now (interface eth0, syncId 1, maxLength 1472, group 224.0.0.81, port 8848, ttl 1)',
    ]);
    // ipvsadm before 1.29 shows interface and id alone: what it does not show is not another setting.
    expect(told(master, 'master sync daemon (mcast=eth0, syncid=1)\n')).toEqual([]);
  });

  it('is found where connections go to what the table does not have, and not where they only end', () => {
    const table = `# ipvsadm -Ln\n${LISTING}TCP  192.0.2.10:3001 rr\n  -> 198.51.100.2:3306            Masq    1      0          0\n# ipvsadm -Lnc\n${CONNECTIONS}`;
    expect(findings(`${table}TCP 13:11  ESTABLISHED 203.0.113.9:33864  192.0.2.10:3001    198.51.100.1:3306\n`)).toEqual([
      'warning lint.ipvs.connections-to-gone 1 connection to tcp 192.0.2.10:3001 goes to 198.51.100.1:3306, and 198.51.100.1:3306 is no destination of it any more',
    ]);
    expect(
      findings(
        `${table}TCP 01:11  TIME_WAIT   203.0.113.9:33864  192.0.2.10:3001    198.51.100.1:3306\nTCP 01:12  FIN_WAIT    203.0.113.9:33865  192.0.2.10:3001    198.51.100.1:3306\n`,
      ),
    ).toEqual([
      'none lint.ipvs.connections-to-gone 2 connections to tcp 192.0.2.10:3001 go to 198.51.100.1:3306, and 198.51.100.1:3306 is no destination of it any more, all of them ending',
    ]);
    expect(findings(`${table}UDP 01:11  UDP         203.0.113.9:33864  192.0.2.10:53      198.51.100.2:53\n`)).toEqual([
      'warning lint.ipvs.connections-to-gone 1 connection to udp 192.0.2.10:53 goes to 198.51.100.2:53, and IPVS has no virtual service there any more',
    ]);
    // A connection that is there, a template of persistence, and a table that was cut.
    expect(
      findings(
        `${table}TCP 13:11  ESTABLISHED 203.0.113.9:33864  192.0.2.10:3001    198.51.100.2:3306\nTCP 00:11  NONE        203.0.113.9:0      192.0.2.10:3001    198.51.100.7:3306\n`,
      ),
    ).toEqual([]);
    expect(
      findings(
        `# ipvsadm -Ln | head -5\n${LISTING}TCP  192.0.2.10:3001 rr\n# ipvsadm -Lnc\n${CONNECTIONS}TCP 13:11  ESTABLISHED 203.0.113.9:33864  192.0.2.10:3001    198.51.100.1:3306\n`,
      ).filter((text) => text.includes('connections-to-gone')),
    ).toEqual([]);
  });

  it('may belong to a firewall mark, to which nothing ties it', () => {
    const table = `${LISTING}FWM  5 rr\n  -> 198.51.100.2:0               Masq    1      0          0\n# ipvsadm -Lnc\n${CONNECTIONS}`;
    expect(
      findings(`${table}TCP 13:11  ESTABLISHED 203.0.113.9:33864  192.0.2.10:80      198.51.100.2:80\n`).filter((text) =>
        text.startsWith('warning'),
      ),
    ).toEqual([]);
  });
});

describe('rows of the IPVS table', () => {
  it('are warned of where direct routing or a tunnel cannot reach the port', () => {
    const rows = (forward: string): string =>
      `${LISTING}TCP  192.0.2.10:80 rr\n  -> 198.51.100.1:8080            ${forward.padEnd(7)} 1      0          0\n`;
    expect(findings(rows('Route'))).toEqual([
      'warning lint.ipvs.port-differs tcp 192.0.2.10:80: 198.51.100.1:8080 is reached by direct routing, which changes no port: packets arrive there at port 80',
    ]);
    expect(findings(rows('Tunnel'))).toEqual([
      'warning lint.ipvs.port-differs tcp 192.0.2.10:80: 198.51.100.1:8080 is reached by a tunnel, which changes no port: packets arrive there at port 80',
    ]);
    expect([findings(rows('Masq')), findings(rows('Local')), findings(rows('Route').replace(':8080', ':80  '))]).toEqual([[], [], []]);
    expect(findings(rows('Route').replace('TCP  192.0.2.10:80', 'FWM  5').replace('8080', '0   '))).toEqual([]);
  });

  it('of /proc/net/ip_vs are compared with their persistence, in ticks of the kernel', () => {
    const proc = (persistence: string): string =>
      `${LISTING.replace('Port           Forward', 'Port Forward')}TCP  C6120014:0050 rr  ${persistence}\n  -> 0A2A0107:1F90      Masq    1      0          0\n`;
    expect(told(proc('persistent 15000 FFFFFFFF'), proc('persistent 90000 FFFFFFFF'))).toEqual([
      'notice ipvs.service.persistence-changed tcp 198.18.0.20:80: persistence 15000 kernel ticks → 90000 kernel ticks',
    ]);
    expect(told(proc('persistent 15000 FFFFFFFF'), proc('persistent 15000 FFFFFF00'))).toEqual([
      'notice ipvs.service.persistence-changed tcp 198.18.0.20:80: clients stay with one endpoint together where they are equal under 255.255.255.0 (was their whole address)',
    ]);
    expect(told(proc('persistent 15000 FFFFFFFF'), proc(''))).toEqual([
      'notice ipvs.service.persistence-changed tcp 198.18.0.20:80: clients no longer stay with their endpoint (persistence was 15000 kernel ticks)',
    ]);
    expect(told(proc('ops '), proc(''))).toHaveLength(1);
    // Seconds and ticks cannot be compared without the kernel's HZ.
    const seconds = `${LISTING}TCP  198.18.0.20:80 rr persistent 60\n  -> 10.42.1.7:8080               Masq    1      0          0\n`;
    expect(told(proc('persistent 15000 FFFFFFFF'), seconds)).toEqual([]);
  });

  it('of a firewall mark are services that explain shows, with the rules that set the mark', () => {
    const rule =
      '*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A PREROUTING -d 192.0.2.10/32 -p tcp -m tcp --dport 8080 -j MARK --set-xmark 0x100/0xffffffff\nCOMMIT\n';
    const explained = renderExplanationText(
      explainSnapshot(
        snapshot(
          `${rule}${LISTING}FWM  256 rr\n  -> 198.51.100.6:0               Route   1      0          0\n  -> 198.51.100.8:0               Route   1      0          0\n`,
        ),
      ),
    );
    expect(explained).toContain(
      '-        firewall mark 256  198.51.100.6, 198.51.100.8 (50 % each)  takes -p tcp -d 192.0.2.10 --dport 8080 (mangle PREROUTING#1)',
    );
    const six = renderExplanationText(explainSnapshot(snapshot(`${LISTING}FWM  7 IPv6 wlc\n`)));
    expect(six).toContain('-        firewall mark 7 (IPv6)  refused: no endpoints');
  });

  it('are evidence where they show what is said', () => {
    const stats =
      '# ipvsadm -Ln --stats\nIP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\nTCP  192.0.2.10:80                       5       48       48     2951     6938\n  -> 198.51.100.1:80                     5       48       48     2951     6938\n';
    const plain = (weight: number): string =>
      `# ipvsadm -Ln\n${LISTING}TCP  192.0.2.10:80 wlc\n  -> 198.51.100.1:80              Masq    ${weight}      0          0\n`;
    const limits = (upper: number): string =>
      `# ipvsadm -Ln --thresholds\n${LISTING.split('\n')[0]}\nProt LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n  -> RemoteAddress:Port\nTCP  192.0.2.10:80 wlc\n  -> 198.51.100.1:80              ${upper}          0          0          0         \n`;
    const one = stats + plain(1) + limits(0);
    expect(explainSnapshot(snapshot(one)).facts.find(({ name }) => name === 'scheduler')?.evidence).toEqual([
      { source: 'x.txt', lines: [11, 11] },
    ]);
    const lines = (after: string): unknown =>
      diffSnapshots(snapshot(one), snapshot(after)).changes[0]?.evidence.map(({ side, lines: place }) => `${side} ${place[0]}`);
    expect(lines(stats + plain(2) + limits(0))).toEqual(['before 12', 'after 12']);
    expect(lines(stats + plain(1) + limits(9))).toEqual(['before 18', 'after 18']);
  });
});
