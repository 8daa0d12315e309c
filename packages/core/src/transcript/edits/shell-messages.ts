import type { Edit } from './edited-text.ts';
import { replaceEach } from './replace-each.ts';

/** What shells say in other languages (bash, its translations in po/), with what they say in English. */
const MESSAGES: readonly (readonly [english: string, translations: readonly string[]])[] = [
  [
    'command not found',
    [
      'Kommando nicht gefunden',
      'Befehl nicht gefunden',
      'commande introuvable',
      'orden no encontrada',
      'no se encontró la orden',
      'instrucción no encontrada',
      'comando não encontrado',
      'comando non trovato',
      'команда не найдена',
      'команду не знайдено',
      'nie znaleziono polecenia',
      'příkaz nenalezen',
      'opdracht niet gevonden',
      'kommandot finns inte',
      'komut bulunamadı',
      'コマンドが見つかりません',
      '未找到命令',
      '找不到命令',
      '找不到指令',
      '명령어를 찾을 수 없음',
    ],
  ],
  [
    'No such file or directory',
    [
      'Datei oder Verzeichnis nicht gefunden',
      'Aucun fichier ou dossier de ce type',
      'No existe el fichero o el directorio',
      'Arquivo ou diretório inexistente',
      'Нет такого файла или каталога',
      'そのようなファイルやディレクトリはありません',
      '没有那个文件或目录',
    ],
  ],
];
const ENGLISH: ReadonlyMap<string, string> = new Map(
  MESSAGES.flatMap(([english, translations]) => translations.map((translation) => [translation, english] as const)),
);
/** ` : commande introuvable` at the end of a line. */
const TRANSLATED = new RegExp(`[ \\u00a0]?[:：] ?(?:${[...ENGLISH.keys()].join('|')})[.。]?(?=\\r?\\n|$)`, 'g');
/** `ipset: command not foundnon-zero return code` of ansible */
const GLUED = /(?<=(?:not found|denied|permitted|No such file or directory))(?=non-zero return code)/g;

/** Says in English what a shell says in another language, and takes what ansible adds off the line. */
export function shellMessageEdits(text: string): readonly Edit[] {
  const edits = replaceEach(text, TRANSLATED, (found) => `: ${ENGLISH.get(found.replace(/^[ \u00a0]?[:：] ?|[.。]$/g, '')) ?? found}`);
  return text.includes('non-zero return code') ? [...edits, ...replaceEach(text, GLUED, () => '\n')] : edits;
}
