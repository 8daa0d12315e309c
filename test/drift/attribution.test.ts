import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';

const chains = (names: string, policies = names.split(' ').map(() => 'ACCEPT')): string =>
  names
    .split(' ')
    .map((name, place) => `:${name} ${policies[place] ?? 'ACCEPT'} [0:0]\n`)
    .join('');

/** A node with rules of FORWARD, of a chain X, and of mangle PREROUTING. */
function node(
  forward: readonly string[],
  more: { x?: readonly string[]; mark?: string; policy?: string } = {},
): ReturnType<typeof readSnapshot> {
  const rules = (chain: string, list: readonly string[]): string => list.map((rule) => `-A ${chain} ${rule}\n`).join('');
  const content = [
    `*mangle\n${chains('PREROUTING INPUT FORWARD OUTPUT POSTROUTING')}${more.mark === undefined ? '' : `-A PREROUTING ${more.mark}\n`}COMMIT\n`,
    `*nat\n${chains('PREROUTING INPUT OUTPUT POSTROUTING')}COMMIT\n`,
    `*filter\n${chains('INPUT FORWARD OUTPUT', ['ACCEPT', more.policy ?? 'ACCEPT', 'ACCEPT'])}${more.x === undefined ? '' : ':X - [0:0]\n'}${rules('FORWARD', forward)}${rules('X', more.x ?? [])}COMMIT\n`,
  ].join('');
  return readSnapshot([{ name: 'iptables-save.txt', content }]);
}

const POD = '-s 10.9.0.0/16 -j DROP';
const port = (ports: string, target: string): string => `-p tcp -m tcp --dport ${ports} -j ${target}`;
const mark = (ports: string, value: number): string => port(ports, `MARK --set-xmark 0x${value}/0xffffffff`);
const marked = (value: number): string => `-m mark --mark 0x${value} -j DROP`;

/** Two changes that meet the same packets: what each is told to do, forth and back. */
const PAIRS: readonly (readonly [
  what: string,
  before: ReturnType<typeof node>,
  after: ReturnType<typeof node>,
  forth: string[],
  back: string[],
])[] = [
  [
    'one undoes the other',
    node([POD]),
    node([port('80', 'ACCEPT'), port('80', 'DROP'), POD]),
    ['gained FORWARD#1', 'none FORWARD#2'],
    ['lost FORWARD#1', 'none FORWARD#2'],
  ],
  [
    'one needs the other: a mark and who reads it',
    node([POD]),
    node([POD, marked(1)], { mark: mark('8080', 1) }),
    ['lost FORWARD#2', 'lost PREROUTING#1'],
    ['gained FORWARD#2', 'gained PREROUTING#1'],
  ],
  [
    'one needs the other: a jump and what is behind it',
    node([POD], { x: [port('22', 'DROP')] }),
    node([POD, '-j X'], { x: [port('22', 'REJECT')] }),
    ['lost FORWARD#2', 'lost X#1', 'none X'],
    ['gained FORWARD#2', 'gained X#1', 'none X'],
  ],
  [
    'both do the same to some packets',
    node([POD]),
    node([POD, port('443', 'DROP'), port('400:500', 'DROP')]),
    ['lost FORWARD#2', 'lost FORWARD#3'],
    ['gained FORWARD#2', 'gained FORWARD#3'],
  ],
  [
    'a rule takes all that the new policy would',
    node([POD]),
    node([POD, '-j ACCEPT'], { policy: 'DROP' }),
    ['none FORWARD', 'none FORWARD#2'],
    ['none FORWARD', 'none FORWARD#2'],
  ],
  [
    'a rule takes a part of what the new policy would',
    node([POD]),
    node([POD, '-p tcp -j ACCEPT'], { policy: 'DROP' }),
    ['lost FORWARD', 'none FORWARD#2'],
    ['gained FORWARD', 'none FORWARD#2'],
  ],
  [
    'an exception goes with what it was one of',
    node([port('22', 'ACCEPT'), '-p tcp -j DROP']),
    node([]),
    ['gained FORWARD#2', 'none FORWARD#1'],
    ['lost FORWARD#2', 'none FORWARD#1'],
  ],
  [
    'a rule of a chain stands for what the caller does now',
    node(['-j X'], { x: [port('22', 'DROP')] }),
    node([port('22', 'DROP')]),
    ['none FORWARD#1', 'none FORWARD#1', 'none X'],
    ['none FORWARD#1', 'none FORWARD#1', 'none X'],
  ],
  [
    'an exception in a chain is undone behind it',
    node(['-j X'], { x: [port('22', 'DROP')] }),
    node(['-j X', '-s 10.1.0.0/16 -p tcp -m tcp --dport 22 -j DROP'], { x: ['-s 10.1.0.0/16 -j RETURN', port('22', 'DROP')] }),
    ['none FORWARD#2', 'none X#1'],
    ['none FORWARD#2', 'none X#1'],
  ],
  [
    'a mark has another number for who sets and who reads it',
    node([marked(1)], { mark: mark('8080', 1) }),
    node([marked(2)], { mark: mark('8080', 2) }),
    ['none FORWARD#1', 'none PREROUTING#1'],
    ['none FORWARD#1', 'none PREROUTING#1'],
  ],
];

it.each(PAIRS)('tells of two changes that meet where %s what each does', (_what, before, after, forth, back) => {
  const told = (one: typeof before, other: typeof before): string[] =>
    diffSnapshots(one, other)
      .changes.map(({ effect, subject }) => `${effect} ${subject.name.split(' ')[1] ?? ''}`)
      .sort();
  expect({ forth: told(before, after), back: told(after, before) }).toEqual({ forth, back });
});
