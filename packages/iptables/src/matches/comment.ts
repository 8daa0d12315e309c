/** `-m comment --comment TEXT`; the text is raw, as the listing prints it between the comment signs. */
export interface CommentMatch {
  readonly kind: 'CommentMatch';
  readonly text: string;
}
