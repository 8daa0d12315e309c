import { visit } from '@netdrift/core';
import { type Match, parseIptables, type Target } from '@netdrift/iptables';
import { parseIpvsadm } from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';

const SAVE =
  '*nat\n:PREROUTING ACCEPT [0:0]\n:A - [0:0]\n-A PREROUTING -p tcp -m comment --comment "one" -j A\n-A A -m comment --comment "two" -j DNAT --to-destination 10.0.0.1:80\nCOMMIT\n';

describe('a visit of a tree', () => {
  it('meets every node with a kind in the order of the text, and says where it stands', () => {
    const met: string[] = [];
    visit<Match | Target>(parseIptables(SAVE).value, {
      CommentMatch: ({ text }, path) => (met.push(`${text} ${path.join('.')}`) < 0 ? false : undefined),
      DnatTarget: ({ kind }) => void met.push(kind),
    });
    expect(met).toEqual(['one tables.0.chains.0.rules.0.matches.0', 'two tables.0.chains.1.rules.0.matches.0', 'DnatTarget']);
  });

  it('leaves out what is inside a node for which it is told to', () => {
    const kinds: string[] = [];
    visit(parseIpvsadm('-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m\n').value, {
      enter: ({ kind }) => (kinds.push(kind), false),
    });
    expect(kinds).toEqual(['IpvsadmSave']);
  });

  it('costs no stack, however deep a tree is', () => {
    let root: object = { kind: 'Last' };
    for (let level = 0; level < 20_000; level++) root = { inside: root };
    let found = 0;
    visit(root, { enter: () => void found++ });
    expect(found).toBe(1);
  });
});
