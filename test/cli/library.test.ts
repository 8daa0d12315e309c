import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as core from '@netdrift/core';
import * as drift from '@netdrift/drift';
import * as ipset from '@netdrift/ipset';
import * as iptables from '@netdrift/iptables';
import * as ipvsadm from '@netdrift/ipvsadm';
import * as modules from '@netdrift/modules';
import * as nftables from '@netdrift/nftables';
import { describe, expect, it } from 'vitest';
import * as netdrift from '../../packages/cli/src/index.ts';
import { readSnapshotPath } from '../../packages/cli/src/node.ts';
import { folderOf } from '../support/cli.ts';

const demo = join(fileURLToPath(new URL('../../', import.meta.url)), 'fixtures/demo/before');

describe('the library in one import', () => {
  it('has the parsers, printers, commands and formats of every package, and the same ones', () => {
    const { decode, displayText, readTranscript, renderDiagnostics, visit } = core;
    const { checkSnapshot, compareNodes, diffSnapshots, digestNode, explainSnapshot, readSnapshot, RENDERERS, RULES } = drift;
    const { parseIptables, printIptables, printIptablesSave } = iptables;
    const { parseIpvsadm, printIpvsadm, printIpvsadmSave } = ipvsadm;
    const { containsPacket, parseIpset, printIpset } = ipset;
    const { parseNftables, printNftables } = nftables;
    const { parseModules, printModules, requiredIpvsModules } = modules;
    expect(netdrift).toMatchObject({
      ...{ decode, displayText, readTranscript, renderDiagnostics, visit },
      ...{ checkSnapshot, compareNodes, diffSnapshots, digestNode, explainSnapshot, readSnapshot, RENDERERS, RULES },
      ...{
        parseIptables,
        printIptables,
        printIptablesSave,
        parseIpvsadm,
        printIpvsadm,
        printIpvsadmSave,
        containsPacket,
        parseIpset,
        printIpset,
      },
      ...{ parseNftables, printNftables, parseModules, printModules, requiredIpvsModules },
    });
  });
});

describe('netdrift/node', () => {
  it('reads a folder as the command line does, and says what it skipped', async () => {
    const { snapshot, skipped, manifest } = await readSnapshotPath(demo);
    expect({ troubles: snapshot.troubles, skipped, manifest }).toEqual({ troubles: [], skipped: [], manifest: undefined });
    expect(netdrift.diffSnapshots(snapshot, snapshot).verdict).toBe('no-change');
    const folder = folderOf({ 'a.txt': 'x', 'inside/b.txt': 'y' });
    symlinkSync('gone.txt', join(folder, 'link.txt'));
    expect((await readSnapshotPath(folder)).skipped).toEqual([{ name: 'link.txt', reason: 'there is no such file or folder' }]);
    await expect(readSnapshotPath(join(folder, 'gone'))).rejects.toThrow('there is no such file or folder');
  });
});
