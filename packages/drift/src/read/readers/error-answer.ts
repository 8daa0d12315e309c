import type { Reader } from './reader.ts';

/**
 * Reads the shells' answers to a program that is not there, and iproute2's to an interface that is not there: each is a fact.
 *
 * `/bin/sh: 1: ipset: not found` (dash) · `bash: ipset: command not found` · `sh: ipset: not found` (busybox) ·
 * `Device "kube-ipvs0" does not exist.` (ip)
 */
export const errorAnswer: Reader = {
  title: 'error message',
  read: (text) => {
    const line = text.trim();
    if (line.includes('\n') || line.length > 300) return undefined;
    const device = /^Device "([^"]+)" does not exist\.$/.exec(line);
    if (device !== null) return { kind: 'NoInterface', name: device[1] as string };
    const program = /^(?:\S+: )(?:line )?(?:\d+: )?([\w./-]+): (?:command )?not found$/.exec(line);
    return program === null ? undefined : { kind: 'NoProgram', name: (program[1] as string).replace(/^.*\//, '') };
  },
};
