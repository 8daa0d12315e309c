import type { KnownShapes } from '@netdrift/core';

/** Shapes of the lines of statistics, timeouts and daemons of real tools. Kept by `UPDATE_GOLDENS=1 npx vitest run test/laws/known-shapes.test.ts`. */
export const STATUS_SHAPES: KnownShapes = {
  tokens: [
    'Backup',
    'Close',
    'Master',
    'Value',
    'group',
    'maxlen',
    'mcast',
    'port',
    'syncid',
    'ttl',
    'word (tcp',
    'word Bytes',
    'word Bytes/s',
    'word Conns',
    'word Conns/s',
    'word Incoming',
    'word Outgoing',
    'word Packets',
    'word Pkts/s',
    'word Timeout',
    'word Total',
    'word daemon',
    'word sync',
    'word tcpfin',
    'word udp):',
  ],
  shapes: `AAAWAVAGADAIADAB BBAAAA
AAAWAVAGADAIADAFADAEADAHADAJADAB BBBBBB
ACAWAVAGADAIADAB BAAAAA
ACAWAVAGADAIADAFADAEADAHADAJADAB BABBBB
ADADADADAD F
ANARARALAL D
AOASASAMAM E
ATAKAXAYADADAD A
AUAPAQAPAQ C`,
};
