import { readTranscript, transcriptCodes } from '@netdrift/core';
import { describe, expect, it } from 'vitest';

describe('the codes of the transcript stage', () => {
  it('are each raised by their sample, with their severity', () => {
    for (const [code, { sample, severity }] of transcriptCodes) {
      const raised = readTranscript(sample).diagnostics.filter((diagnostic) => diagnostic.code === code);
      expect([code, raised.map((diagnostic) => diagnostic.severity)]).toEqual([code, [severity]]);
    }
  });

  it('are told once each, however often the thing occurs', () => {
    const listing = 'Prot LocalAddress:Port Scheduler Flags\nTCP  10.0.0.1:80 rr  <--- a\n...\nTCP  10.0.0.2:80 rr\n';
    const { diagnostics } = readTranscript(`one\n\n> ${listing.trimEnd().replaceAll('\n', '\n> ')}\n\ntwo\n\n`.repeat(3));
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'transcript/set-aside: 6 lines are not output of a known tool',
      'transcript/envelope: the quote mark "> " is removed from the lines of 3 outputs',
      'transcript/annotation: a remark is removed from the end of 3 rows',
      'transcript/left-out: lines are left out of the text in 3 places',
    ]);
  });
});
