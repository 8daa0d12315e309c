import type { Reader } from './reader.ts';

/** Reads `uname -a` or `uname -r`: the kernel's release, and the node's name where it is shown. */
export const kernelRelease: Reader = {
  title: 'uname',
  read: (text) => {
    const line = text.trim();
    if (line.includes('\n')) return undefined;
    // Linux node-1 6.1.0-50-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02) x86_64 GNU/Linux
    const whole = /^Linux (\S+) (\d+\.\d+\S*) #/.exec(line);
    if (whole !== null) return { kind: 'KernelRelease', release: whole[2] as string, node: whole[1] as string };
    return /^\d+\.\d+\.\d+[-+.]\S+$/.test(line) ? { kind: 'KernelRelease', release: line } : undefined;
  },
};
