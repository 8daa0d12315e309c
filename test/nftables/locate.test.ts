import { locateInNftables, parseNftables } from '@netdrift/nftables';
import { expect, it } from 'vitest';

const source = `table ip t { # handle 1
	map m {
		type ipv4_addr . inet_service : verdict
		elements = { 10.0.0.1 . 80 comment "web" : goto c,
			     10.0.0.2 . 80 : drop }
	}

	chain c {
		ip saddr != 10.0.0.0/8 tcp dport { 22, 80 } dnat to 10.1.1.1:8080 comment "x" # handle 3
	}
}
`;

const { value } = parseNftables(source);
const [table] = value.kind === 'NftablesRuleset' ? value.tables : [];
const [rule] = table?.chains?.[0]?.rules ?? [];
const [element] = table?.sets?.[0]?.elements ?? [];

function located(
  node: NonNullable<typeof rule> | NonNullable<typeof element> | undefined,
  ...path: (string | number)[]
): string | undefined {
  const span = node === undefined ? undefined : locateInNftables(source, node, path);
  return span === undefined ? undefined : source.slice(span.start, span.end);
}

it('a part of a rule stands where its words are', () => {
  expect(located(rule, 'statements', 0, 'right')).toBe('10.0.0.0/8');
  expect(located(rule, 'statements', 0, 'operator')).toBe('!=');
  expect(located(rule, 'statements', 1, 'right')).toBe('{ 22, 80 }');
  expect(located(rule, 'statements', 2, 'port')).toBe('10.1.1.1:8080');
  expect(located(rule, 'comment')).toBe('"x"');
  expect(located(rule, 'handle')).toBe('3');
  expect(located(rule, 'statements', 2, 'flags')).toBeUndefined();
});

it('a part of an element of a map does too', () => {
  expect(located(element, 'key', 'parts', 1)).toBe('80');
  expect(located(element, 'value', 'chain')).toBe('c');
  expect(located(element, 'comment')).toBe('"web"');
});

it('nothing stands in another text', () => {
  expect(rule === undefined ? undefined : locateInNftables(source.replace('22', '23'), rule, ['comment'])).toBeUndefined();
});
