import { isObject } from '../policy/json-file.ts';
import type { CapturedCommand, LoadedFile, LoadedSnapshot, Manifest } from './loaded-snapshot.ts';

/** The name under which `netdrift capture` puts the manifest beside the outputs. */
const MANIFEST = 'manifest.json';

/**
 * Takes the manifest out of a snapshot that `netdrift capture` made, and gives each file the exit status of its command: nothing printed by
 * a command that ended well is an answer. Other snapshots stay as they are, as does a `manifest.json` of another kind.
 */
export function withManifest(loaded: LoadedSnapshot): LoadedSnapshot {
  const file = loaded.files.find(({ name }) => name === MANIFEST);
  const manifest = file === undefined ? undefined : manifestOf(file.content);
  if (manifest === undefined) return loaded;
  const commands = new Map(manifest.commands.map((command) => [command.file, command]));
  const files = loaded.files
    .filter((one) => one !== file)
    .map((one): LoadedFile => {
      const { command, status } = commands.get(one.name) ?? {};
      return { ...one, ...(command === undefined ? {} : { command }), ...(status === undefined ? {} : { exitStatus: status }) };
    });
  return { ...loaded, files: [...files, ...notLoaded(manifest)], manifest };
}

/** What the kernel has no module for holds nothing: there is no set, no virtual service, no table of rules. */
function notLoaded({ commands }: Manifest): LoadedFile[] {
  return commands
    .filter(({ ran, reason }) => !ran && reason === 'not loaded')
    .map(({ file, command }) => ({ name: file, content: new Uint8Array(), command, exitStatus: 0 }));
}

function manifestOf(content: Uint8Array): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(content).toString('utf8'));
  } catch {
    return undefined;
  }
  if (
    !isObject(value) ||
    !('netdrift' in value) ||
    typeof value['host'] !== 'string' ||
    typeof value['started'] !== 'string' ||
    !Array.isArray(value['commands'])
  )
    return undefined;
  return { host: value['host'], started: value['started'], commands: value['commands'].flatMap(commandOf) };
}

function commandOf(value: unknown): CapturedCommand[] {
  if (!isObject(value)) return [];
  const { file, command, ran, status, reason } = value;
  if (typeof file !== 'string' || typeof command !== 'string' || typeof ran !== 'boolean') return [];
  return [{ file, command, ran, ...(typeof status === 'number' ? { status } : {}), ...(typeof reason === 'string' ? { reason } : {}) }];
}
