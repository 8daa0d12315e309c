import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { digestNode, renderDigest, type NodeDigest } from '@netdrift/drift';
import { NOTHING, TROUBLE } from '../exit-status.ts';
import { readSnapshotArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import { Progress } from '../output/progress.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tell } from '../output/tell.ts';
import { Trouble } from '../trouble.ts';

/** `netdrift digest`: rows of each node, one node after the other; gives the exit status. */
export async function digest(names: readonly string[]): Promise<number> {
  const output = new StandardOutput();
  const progress = new Progress();
  let status = NOTHING;
  let count = 0;
  for await (const name of names.length > 0 ? names : createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (name === '' && names.length === 0) continue;
    progress.step(`${(count += 1)}: ${name}`);
    try {
      const { manifest, ...snapshot } = await readSnapshotArgument(name, new StandardInput());
      const records = digestNode({ name: manifest?.host ?? nameOf(name), snapshot });
      await output.write(renderDigest(records));
      if (records[0]?.type === 'node' && records[0].troubles.length > 0) status = TROUBLE;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      tell(error.message);
      await output.write(renderDigest([unreadable(nameOf(name), error.message)]));
      status = TROUBLE;
    }
  }
  progress.done();
  return status;
}

function nameOf(path: string): string {
  return basename(path).replace(/\.(?:tar\.gz|tgz|tar|gz|zip)$/, '');
}

/** A node that could not be read is not one that does nothing. */
function unreadable(node: string, trouble: string): NodeDigest {
  return {
    schemaVersion: '1.0',
    type: 'node',
    node,
    mode: null,
    version: null,
    scheduler: null,
    cluster_cidr: null,
    masquerade_all: null,
    masquerade_bit: null,
    complete: false,
    troubles: [trouble],
    frontends: 0,
    hash: '',
  };
}
