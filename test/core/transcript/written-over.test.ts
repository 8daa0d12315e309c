import { readTranscript } from '@netdrift/core';
import { describe, expect, it } from 'vitest';
import { expectLinear } from '../../support/growth.ts';

const LISTING =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';
const CHAIN = 'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n';

const texts = (text: string): string[] => readTranscript(text).sections.map(({ text: found }) => found);
const reasons = (text: string): string[] => readTranscript(text).setAside.map(({ reason }) => reason);
const codes = (text: string): string[] => readTranscript(text).diagnostics.map(({ code }) => code);

describe('lines that are commented out', () => {
  it('of saves are no rows, wherever they stand', () => {
    const save = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -m -w 1\n';
    for (const text of [
      `${save}#-a -t 192.0.2.10:80 -r 198.51.100.2:80 -m -w 1\n`,
      save.replace('\n', '\n# -a -t 192.0.2.10:80 -r 198.51.100.9:80 -m -w 1\n'),
    ]) {
      expect(texts(text)).toEqual([save]);
      expect(reasons(text)).toEqual(['comment']);
    }
    const sets = 'create a hash:ip family inet hashsize 1024 maxelem 65536\nadd a 10.0.0.1\n';
    expect(texts(`${sets}#add a 10.0.0.2\nadd a 10.0.0.3\n`)).toEqual([`${sets}add a 10.0.0.3\n`]);
  });

  it('of settings and alone are no output', () => {
    expect(texts('#net.ipv4.conf.all.arp_ignore=1\n#net.ipv4.conf.all.arp_announce=2\n')).toEqual([]);
    expect(texts('net.ipv4.ip_forward = 1\n#net.ipv4.vs.conntrack = 1\nnet.ipv4.vs.conntrack = 0\n')).toEqual([
      'net.ipv4.ip_forward = 1\nnet.ipv4.vs.conntrack = 0\n',
    ]);
    expect(texts('#-A INPUT -p tcp -m tcp --dport 22 -j DROP\n')).toEqual([]);
  });

  it('of a listing stand for the listing: it is no text that a program reads', () => {
    const rows = `${LISTING}TCP  10.96.0.1:443 rr\n`;
    expect(texts(rows.replaceAll(/^/gm, '# ').replace(/# $/, ''))).toEqual([rows]);
  });

  it('behind a saved line are cut off, and a sign inside quotes is not one', () => {
    const text = '-A -t 192.0.2.10:80 -s rr # the shop\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -m\n';
    expect(texts(text)).toEqual([text.replace(' # the shop', '')]);
    expect(codes(text)).toEqual(['transcript/trailing-comments']);
    const quoted = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m comment --comment "a # b" -j DROP\nCOMMIT\n';
    expect(texts(quoted)).toEqual([quoted]);
  });
});

describe('rows that a mail program broke', () => {
  it('are joined with the blank they broke at, quoted or not', () => {
    const whole = `${CHAIN}DROP       tcp  --  0.0.0.0/0            192.0.2.10 tcp dpt:22\n`;
    const broken = `${CHAIN}DROP       tcp  --  0.0.0.0/0            192.0.2.10\ntcp dpt:22\n`;
    expect(texts(broken)).toEqual([whole]);
    expect(texts(broken.replaceAll(/^(?=.)/gm, '> '))).toEqual([whole]);
    expect(texts(broken.replace('192.0.2.10\n', '192.0.2.10 \r\n'))).toEqual([whole]);
    expect(codes(broken)).toEqual(['transcript/mail-wrapping']);
  });

  it('are those of saves and of ipvsadm too', () => {
    expect(
      texts('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 80\n-m comment --comment "x"\n--some 1 -j DROP\nCOMMIT\n'),
    ).toEqual(['*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 80 -m comment --comment "x" --some 1 -j DROP\nCOMMIT\n']);
    expect(texts(`${LISTING}TCP  10.96.0.1:443 rr\n  -> 192.168.0.1:6443             Masq    1\n 1          0\n`)).toEqual([
      `${LISTING}TCP  10.96.0.1:443 rr\n  -> 192.168.0.1:6443             Masq    1 1          0\n`,
    ]);
  });

  it('are not joined where the next line is a row of its own', () => {
    const rows = `${CHAIN}tcp        all  --  0.0.0.0/0            192.0.2.10\nudp        all  --  0.0.0.0/0            192.0.2.10\n           tcp  --  0.0.0.0/0            192.0.2.10\n`;
    expect(texts(rows)).toEqual([rows]);
    const save = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -m -w 1\n';
    expect(texts(save)).toEqual([save]);
  });

  it('are read where the mail is encoded as quoted-printable, and nothing else is', () => {
    const encoded = `${LISTING.replace('size=', 'size=3D')}TCP  10.96.0.1:443 rr\n  -> 192.168.0.1:6443             Masq    1      1=\n          0=20\n`;
    expect(texts(encoded)).toEqual([`${LISTING}TCP  10.96.0.1:443 rr\n  -> 192.168.0.1:6443             Masq    1      1          0 \n`]);
    expect(texts(`${LISTING}TCP  10.96.0.1:443 rr\n`)).toEqual([`${LISTING}TCP  10.96.0.1:443 rr\n`]);
  });
});

describe('what Markdown and pages leave around rows', () => {
  it.each([
    ['**TCP  203.0.113.8:8080 rr**'],
    ['_TCP  203.0.113.8:8080 rr_'],
    ['`TCP  203.0.113.8:8080 rr`'],
    ['TCP  **203.0.113.8:8080** rr'],
    ['| TCP  203.0.113.8:8080 rr |'],
  ])('%s is the row inside', (row) => {
    expect(texts(`${LISTING}TCP  10.96.0.1:443 rr\n${row}\n  -> 10.42.3.46:80                Masq    1      0          0\n`)).toEqual([
      `${LISTING}TCP  10.96.0.1:443 rr\nTCP  203.0.113.8:8080 rr\n  -> 10.42.3.46:80                Masq    1      0          0\n`,
    ]);
  });

  it('is a sign before a saved rule, and text behind the last row of a block', () => {
    expect(texts('*nat\n:A - [0:0]\n<-A A -j RETURN\nCOMMIT\n')).toEqual(['*nat\n:A - [0:0]\n-A A -j RETURN\nCOMMIT\n']);
    const page = `<pre>${LISTING.replace('->', '-&gt;')}TCP  10.96.0.1:443 rr</pre>And then it fails.<p>So\n`;
    expect(texts(page)).toEqual([`${LISTING}TCP  10.96.0.1:443 rr\n`]);
  });

  it('takes time in proportion to the text', () => {
    expectLinear((count) => void readTranscript(`${'*'.repeat(300)}\n`.repeat(count)), 500);
    expectLinear((count) => void readTranscript(`-A INPUT${' #'.repeat(count)}\n`), 20_000);
    expectLinear((count) => void readTranscript(`DROP tcp -- 0.0.0.0/0 ${'1.'.repeat(250)}\ntcp dpt:1\n`.repeat(count)), 200);
  });
});
