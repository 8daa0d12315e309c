import { parseIptables, printIptablesSave, type IptablesValue, type Rule } from '@netdrift/iptables';
import type { Diagnostic } from '@netdrift/core';
import { describe, expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { withoutSpans } from './corpus-files.ts';

function restore(text: string, table?: string) {
  const told: Diagnostic[] = [];
  const { value } = parseIptables(text);
  const printed = printIptablesSave(value, {
    ...(table === undefined ? {} : { table }),
    report: (diagnostic) => void told.push(diagnostic),
  });
  return { printed, told: told.map(({ code }) => code) };
}

function rulesOf(value: IptablesValue): readonly Rule[] {
  return value.kind === 'ToolError' ? [] : value.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));
}

const TITLES = ' pkts bytes target     prot opt in     out     source               destination         \n';

describe('printing a listing as restore input', () => {
  it('gives a table with its chains, counters and rules', () => {
    const listing =
      `Chain INPUT (policy DROP 3 packets, 180 bytes)\n${TITLES}` +
      '   12   720 ACCEPT     tcp  --  eth0   *      !10.0.0.0/8           0.0.0.0/0            tcp dpt:22 /* shell */\n\n' +
      `Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)\n${TITLES}\nChain OUTPUT (policy ACCEPT 0 packets, 0 bytes)\n${TITLES}` +
      `    0     0 X          all  --  *      *       0.0.0.0/0            0.0.0.0/0           [goto] \n\nChain X (1 references)\n${TITLES}`;
    expect(restore(listing)).toEqual({
      printed:
        '*filter\n:INPUT DROP [3:180]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:X - [0:0]\n' +
        '[12:720] -A INPUT ! -s 10.0.0.0/8 -i eth0 -p tcp -m tcp --dport 22 -m comment --comment shell -j ACCEPT\n' +
        '[0:0] -A OUTPUT -g X\nCOMMIT\n',
      told: ['iptables/table-not-shown'],
    });
  });

  it('takes the name of the table that is given', () => {
    const listing = 'Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination         \n';
    expect(restore(listing, 'raw')).toEqual({
      printed: '*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n',
      told: ['iptables/interfaces-not-shown'],
    });
  });

  it('leaves out what is not known, and says so', () => {
    const listing =
      'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n' +
      'ACCEPT     all  --  gateway              anywhere            \nACCEPT     all  --  0.0.0.0/0            0.0.0.0/0            frobnicate\n';
    expect(restore(listing, 'filter')).toEqual({
      printed: '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n',
      told: ['iptables/interfaces-not-shown', 'iptables/not-restorable', 'iptables/not-restorable'],
    });
  });
});

describe('restore input as people write it', () => {
  it('is read with long options, quotes, options without -m, and rules put in front', () => {
    const text = `# my firewall
*filter
:INPUT DROP
-N LOGGING
-A INPUT --protocol tcp --dport 22 --source 10.0.0.0/255.0.0.0 --jump ACCEPT
-A INPUT -p tcp ! --syn -m state --state=NEW -j DROP
-A INPUT -p udp --sport 67:68 --in-interface eth0 -m comment --comment 'dhcp "lease"' -j ACCEPT
-I INPUT -i lo -j ACCEPT
-A INPUT -p icmp --icmp-type echo-request -j ACCEPT
-A LOGGING -m limit --limit 2/min -j LOG --log-prefix "IPTables-Dropped: " --log-level 4
-A LOGGING -s ! 192.168.0.0/16 -j REJECT
COMMIT
`;
    const { value, diagnostics } = parseIptables(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['iptables/comment-line']);
    expect(printIptablesSave(value)).toBe(`*filter
:INPUT DROP [0:0]
:LOGGING - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW -j DROP
-A INPUT -i eth0 -p udp -m udp --sport 67:68 -m comment --comment "dhcp \\"lease\\"" -j ACCEPT
-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A LOGGING -m limit --limit 2/min -j LOG --log-prefix "IPTables-Dropped: "
-A LOGGING ! -s 192.168.0.0/16 -j REJECT --reject-with icmp-port-unreachable
COMMIT
`);
  });

  it('may be commands of a script', () => {
    const text = 'iptables -t nat -A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE\n/sbin/iptables -P FORWARD DROP\n';
    const { value, diagnostics } = parseIptables(text);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(rulesOf(value).map(({ target }) => target)).toEqual([{ kind: 'MasqueradeTarget', name: 'MASQUERADE' }]);
  });
});

describeCorpus('iptables/scenarios', 'rules of the scenarios', () => {
  it('listed with -v and printed as restore input are the rules that iptables-save printed', () => {
    let compared = 0;
    for (const path of corpusFiles('iptables/scenarios', (name) => /1\.8\.9-legacy\/[a-z]+\.nvxL-line-numbers\.txt$/.test(name))) {
      // A listing cannot tell an interface called `*` from any.
      if (path.includes('columns')) continue;
      const table = /\/([a-z]+)\.nvxL/.exec(path)?.[1] ?? '';
      const family = path.includes('ipv6') ? 'ipv6' : 'ipv4';
      const restored = parseIptables(printIptablesSave(parseIptables(corpusFile(path)).value, { table }), { family }).value;
      const saved = parseIptables(corpusFile(path.replace(/\.nvxL.*/, '.S.txt')), { family }).value;
      // A listing does not show the name of a hashlimit table, so such a rule is left out.
      const plain = (value: IptablesValue): unknown[] =>
        rulesOf(withoutSpans(value))
          .filter(({ matches }) => !matches.some(({ kind }) => kind === 'HashlimitMatch'))
          .map(({ counters, ...rule }) => {
            void counters;
            return rule;
          });
      compared += rulesOf(restored).length;
      expect(plain(restored), path).toEqual(plain(saved));
    }
    console.log(`listed, printed as restore input, read again: ${compared} rules equal those of iptables -S`);
  }, 60_000);
});
