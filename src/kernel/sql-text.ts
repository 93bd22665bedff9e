/** How a family's SQL is cut into tokens. */
export interface SqlSyntax {
  /** `$tag$ … $tag$` (PostgreSQL). */
  readonly dollarQuotes: boolean;
  /** A backslash escapes inside '…' (MySQL); PostgreSQL only in E'…'. */
  readonly backslashEscapes: boolean;
  /** `# …` up to the end of the line (MySQL). */
  readonly hashComments: boolean;
  /** Comments nest (PostgreSQL). */
  readonly nestedComments: boolean;
  /** "…" is a string (MySQL without ANSI_QUOTES), not an identifier. */
  readonly doubleQuotedStrings: boolean;
  /** Bodies between BEGIN and END of triggers and routines hold semicolons. */
  readonly compoundBodies: boolean;
}
