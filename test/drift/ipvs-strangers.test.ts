import { diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const said = (before: readonly string[], after: readonly string[]): string[] => {
  const [one, other] = [before, after].map((lines) => readSnapshot([{ name: 'ipvsadm-Sn.txt', content: [...lines, ''].join('\n') }]));
  return diffSnapshots(one as ReturnType<typeof readSnapshot>, other as ReturnType<typeof readSnapshot>).changes.map(
    ({ severity, text }) => `${severity} ${text}`,
  );
};
const service = (address: string, ...servers: readonly string[]): string[] => [
  `-A -t ${address} -s rr`,
  ...servers.map((server) => `-a -t ${address} -r ${server} -m -w 1`),
];

describe('a destination that other services had and have', () => {
  const database = service('10.96.0.9:5432', '10.244.2.5:5432');

  it('is no rollout of the service that gained it', () => {
    expect(
      said([...service('10.96.0.1:80', '10.244.1.5:5432'), ...database], [...service('10.96.0.1:80', '10.244.2.5:5432'), ...database]),
    ).toEqual([
      'warning tcp 10.96.0.1:80 lost the endpoint 10.244.1.5:5432; it gained the endpoint 10.244.2.5:5432, which is an endpoint of tcp 10.96.0.9:5432 before and after',
      'notice tcp 10.96.0.1:80 lost the endpoint 10.244.1.5:5432',
    ]);
  });

  it('is one of its own where both had endpoints in common, where it is new on the node, and for a service that had none', () => {
    const [shared, more] = [['10.244.1.5:80'], ['10.244.1.5:80', '10.244.2.5:80']];
    const warnings = (before: readonly string[], after: readonly string[]): string[] =>
      said(before, after).filter((one) => one.startsWith('warning'));
    const alias = service('10.96.0.2:80', ...more);
    expect(warnings([...service('10.96.0.1:80', ...shared), ...alias], [...service('10.96.0.1:80', ...more), ...alias])).toEqual([]);
    expect(warnings(service('10.96.0.1:80', ...shared), service('10.96.0.1:80', '10.244.2.9:80'))).toEqual([]);
    expect(warnings([...service('10.96.0.1:80'), ...database], [...service('10.96.0.1:80', '10.244.2.5:5432'), ...database])).toEqual([]);
  });
});
