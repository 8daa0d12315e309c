import { locateInIpset, parseIpset } from '@netdrift/ipset';
import { expect, it } from 'vitest';

function located(source: string, ...path: (string | number)[]): readonly (string | undefined)[] {
  const { value } = parseIpset(source);
  const members = 'sets' in value ? value.sets.flatMap((set) => set.members ?? []) : [];
  return members.map((member) => {
    const span = member.kind === 'Member' ? locateInIpset(source, member, path) : undefined;
    return span === undefined ? undefined : source.slice(span.start, span.end);
  });
}

const save = `create net hash:net,iface family inet hashsize 64 maxelem 64 timeout 9 comment
add net 10.0.0.0/8,physdev:eth0 timeout 10 nomatch comment "ten 10"
create web hash:ip,port family inet hashsize 64 maxelem 64
add web 10.0.0.1,tcp:10
`;

it('a part of a member stands where its words are', () => {
  expect(located(save, 'elements', 0, 'address')).toEqual(['10.0.0.0/8', '10.0.0.1']);
  expect(located(save, 'elements', 1, 'port')).toEqual([undefined, 'tcp:10']);
  expect(located(save, 'elements', 1, 'physdev')).toEqual(['physdev:eth0', undefined]);
  expect(located(save, 'timeout')).toEqual(['10', undefined]);
  expect(located(save, 'nomatch')).toEqual(['nomatch', undefined]);
  expect(located(save, 'comment')).toEqual(['"ten 10"', undefined]);
});

it('a part of a listed member too, and not in another text', () => {
  const list = 'Name: a\nType: hash:ip,mark\nHeader: family inet\nMembers:\n10.0.0.1,0x0000000a timeout 4\n';
  expect(located(list, 'elements', 1, 'mark')).toEqual(['0x0000000a']);
  expect(located(list, 'timeout')).toEqual(['4']);
  const { value } = parseIpset(list);
  const member = 'sets' in value ? value.sets[0]?.members?.[0] : undefined;
  expect(member?.kind === 'Member' && locateInIpset(list.replace('0a', '0b'), member, ['timeout'])).toBeUndefined();
});
