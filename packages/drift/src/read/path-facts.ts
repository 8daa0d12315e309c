import { timeIn } from '@netdrift/core';
import type { SnapshotFile } from './snapshot.ts';

/** What the path of a file tells of it. */
export type PathFacts = Pick<SnapshotFile, 'host' | 'time' | 'command' | 'moment'>;

/** `sosreport-node1-01234567-2021-03-02-abcdefg`, `sosreport-node1-2021-03-02-abcdefg` (sosreport/sos: sos/report/__init__.py) */
const SOSREPORT = /^sosreport-(.+?)(?:-\d{5,})?-(\d{4}-\d\d-\d\d)-[a-z]{5,9}$/;
/** Folders whose own folders are called after machines, and those of pods, which stand for their nodes: must-gather has them. */
const NAMED_FOLDERS: ReadonlySet<string> = new Set(['nodes', 'hosts', 'node', 'host', 'pods']);
/** Folders that tell what was captured and not on which machine. */
const NO_HOST =
  /^(?:sos_.*|proc|sys|etc|var|run|logs?|network.*|firewall.*|kernel|general|core|apps|namespaces|cluster-scoped-resources|discovery\.k8s\.io|iptables|ip6tables|ipvs(?:adm)?|ipset|nft(?:ables)?|kubectl|objects|outputs?|data|files)$/i;

/** Folders whose names tell a moment: of two the first, of many the earlier one by its name. */
const MOMENT = /^(?:before|after|pre|post|old|new|first|last|\d[\d_.:T-]*)$/i;
const SECOND = /^(?:after|post|new|last)$/i;

/**
 * What the paths of a capture's files tell, by path: the machine, the time, the moment, and the command that printed a file. Known are the
 * layouts of sosreport and must-gather (`oc adm must-gather`), and folders beside one another that hold files of the same names: those are
 * called after machines, or after moments as `before` and `after`.
 *
 * @example
 * pathFacts(['node-1/ipvsadm-ln.txt', 'node-2/ipvsadm-ln.txt']).get('node-2/ipvsadm-ln.txt') // => { host: 'node-2' }
 */
export function pathFacts(paths: readonly string[]): ReadonlyMap<string, PathFacts> {
  const siblings = siblingFolders(paths);
  return new Map(
    paths.map((path) => {
      const parts = path.split('/');
      const sos = parts.map((part) => SOSREPORT.exec(part)).find((found) => found !== null);
      const named = parts.findIndex((part, index) => NAMED_FOLDERS.has(part) && index < parts.length - 2);
      // A file beside a folder that has one of its name: the folder's own is another moment.
      const folders = [...parts.slice(0, -1), ''].map((name, index) => ({ name, of: parts.slice(0, index).join('/') }));
      const beside = folders.filter(({ name, of }) => siblings.get(of)?.has(name) === true);
      // `before` beside `drifted` is called as that is.
      const isMoment = ({ of }: { readonly of: string }): boolean => {
        const names = [...(siblings.get(of) ?? [])];
        return names.includes('') || names.every((name) => MOMENT.test(name));
      };
      const machine = beside.find((one) => !isMoment(one));
      const moment = beside.find(isMoment);
      const host = sos?.[1] ?? (named < 0 ? machine?.name : parts[named + 1]);
      const time = sos?.[2] === undefined ? undefined : `${sos[2]}T00:00:00`;
      const command = sosCommand(parts);
      return [
        path,
        {
          ...(host === undefined ? {} : { host }),
          ...(time === undefined ? {} : { time }),
          ...(command === undefined ? {} : { command }),
          ...(moment === undefined ? {} : { moment: { of: moment.of, place: placeOf(moment.name, siblings.get(moment.of) ?? new Set()) } }),
        },
      ];
    }),
  );
}

function placeOf(name: string, all: ReadonlySet<string>): number {
  const weight = (one: string): number => (SECOND.test(one) ? 2 : one === '' ? 1 : 0);
  return [...all].sort((one, other) => weight(one) - weight(other) || (one < other ? -1 : 1)).indexOf(name);
}

/** By the path of the folder that holds them, folders beside one another that hold a file of one name. */
function siblingFolders(paths: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, { readonly of: string; readonly names: Set<string> }>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let index = 0; index < parts.length; index += 1) {
      const isFile = index === parts.length - 1;
      const name = isFile ? '' : (parts[index] ?? '');
      if (NO_HOST.test(name)) continue;
      const of = parts.slice(0, index).join('/');
      const key = `${of}/*/${parts.slice(isFile ? index : index + 1).join('/')}`;
      const place = places.get(key) ?? { of, names: new Set() };
      place.names.add(name);
      places.set(key, place);
    }
  }
  const siblings = new Map<string, Set<string>>();
  for (const { of, names } of places.values()) if (names.size > 1) siblings.set(of, new Set([...(siblings.get(of) ?? []), ...names]));
  return siblings;
}

/** `sos_commands/networking/iptables_-t_nat_-nvL`: what is no letter, digit, dot, dash or underscore is an underscore, a slash a dot. */
function sosCommand(parts: readonly string[]): string | undefined {
  const place = parts.indexOf('sos_commands');
  const file = parts.at(-1) ?? '';
  return place < 0 || place > parts.length - 3 || !file.includes('_') ? undefined : file.replaceAll('_', ' ').trim();
}

/** Whether the path of a file in a capture of thousands of files tells of something that is read. */
export function isOfInterest(path: string): boolean {
  return (
    /(?:ip_vs|ipvs|ip6?tables|ipset|\bnft|lsmod|modules|sysctl|uname|hostname|kube-?proxy|endpoint|services?\.|configmaps?\.|(?:^|\/)date$|\/nodes\/|ip_(?:-\w+_)*(?:addr|route|rule)|\bss_-)/i.test(
      path,
    ) && !/\.(?:png|jpg|svg|html?|css|js|py|rpm|core|journal|db|gz\.sig)$/i.test(path)
  );
}

/** The time of a capture, where one of its files is the answer of `date`. */
export function timeOfCapture(path: string, text: string): string | undefined {
  return /(?:^|\/)date(?:\.txt)?$/.test(path) && text.length < 200 ? timeIn(text) : undefined;
}
