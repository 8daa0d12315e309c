import { isOfInterest, pathFacts, timeOfCapture } from '@netdrift/drift';
import { MAX_INPUT_BYTES } from './input-limit.ts';
import type { LoadedFile, LoadedSnapshot, SkippedFile } from './loaded-snapshot.ts';

/** Files of a capture beyond which only those are read whose paths tell of something that is read. */
const MANY = 500;
/** Files that are read. */
const MOST = 20_000;
/** Formats that have to be unpacked by hand. */
const PACKED = /\.(?:xz|bz2|zst|7z|rar)$/i;

/** The files of folders in folders, of a disk or an archive, as far as they are read. */
export class FileTree {
  /** The name of the folder that holds all; '' for an archive, whose paths begin with it. */
  private readonly root: string;
  /** Bytes that may still be added. */
  room = MAX_INPUT_BYTES;
  private readonly files: { readonly path: string; readonly content: Uint8Array }[] = [];
  private readonly skipped: SkippedFile[] = [];

  constructor(root = '') {
    this.root = root;
  }

  add(path: string, content: Uint8Array): void {
    if (PACKED.test(path)) this.skip(path, 'it is packed in a form that is not read: unpack it first');
    else if (this.files.length >= MOST) this.skip(path, `there are more than ${MOST} files`);
    else if (content.length > this.room) this.skip(path, 'the files are larger than 512 MiB together');
    else {
      this.room -= content.length;
      this.files.push({ path, content });
    }
  }

  skip(name: string, reason: string): void {
    this.skipped.push({ name, reason });
  }

  /** The files in the order of their paths, with what the paths tell; folders in which all stand are left out. */
  loaded(): LoadedSnapshot {
    const top = topFolder(this.files.map(({ path }) => path));
    const wanted = this.files.length > MANY ? this.files.filter(({ path }) => isOfInterest(path)) : this.files;
    const passed = this.files.length - wanted.length;
    const inRoot = (path: string): string => (this.root === '' ? path : `${this.root}/${path}`);
    const facts = pathFacts(wanted.map(({ path }) => inRoot(path)));
    const times = new Map<string, string>();
    for (const { path, content } of wanted) {
      const time = content.length > 200 ? undefined : timeOfCapture(path, Buffer.from(content).toString('utf8'));
      if (time !== undefined) times.set(facts.get(inRoot(path))?.host ?? '', time);
    }
    const files = wanted.map(({ path, content }): LoadedFile => {
      const own = facts.get(inRoot(path)) ?? {};
      const time = times.get(own.host ?? '') ?? own.time;
      return { name: path.slice(top.length), content, ...own, ...(time === undefined ? {} : { time }) };
    });
    const told = passed === 0 ? [] : [{ name: `${passed} files`, reason: 'their names tell of nothing that is read' }];
    // The order of an archive is that of a folder on some disk.
    return { files: files.sort((one, other) => (one.name < other.name ? -1 : 1)), skipped: [...this.skipped, ...told] };
  }
}

/** The folders, each with its slash, in which all paths stand; '' where there are none. */
function topFolder(paths: readonly string[]): string {
  const [first = ''] = paths;
  let top = '';
  for (let end = first.indexOf('/') + 1; end > 0; end = first.indexOf('/', end) + 1) {
    const folder = first.slice(0, end);
    if (!paths.every((path) => path.startsWith(folder))) break;
    top = folder;
  }
  return top;
}
