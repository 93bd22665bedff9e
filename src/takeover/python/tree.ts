// Python as data: as much of its grammar as version files consist of.
// In: nothing. Out: Expression, Statement. Must not know what any name means.

/** Where a piece of code stands: offsets into the file's text. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export interface Argument {
  /** `null`: by position. */
  readonly name: string | null;
  /** `*` or `**` before it. */
  readonly spread: '' | '*' | '**';
  readonly value: Expression;
}

export interface Comprehension {
  readonly target: Expression;
  readonly source: Expression;
  readonly conditions: readonly Expression[];
}

export type SequenceType = 'list' | 'tuple' | 'set';

type ExpressionForm =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly on: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly callee: Expression; readonly given: readonly Argument[] }
  | { readonly kind: 'sequence'; readonly type: SequenceType; readonly items: readonly Argument[] }
  | {
      readonly kind: 'dict';
      /** A key of `null`: `**value`. */
      readonly entries: readonly { readonly key: Expression | null; readonly value: Expression }[];
    }
  | { readonly kind: 'format'; readonly parts: readonly (string | Expression)[] }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'unary'; readonly operator: string; readonly value: Expression }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: 'item'; readonly on: Expression; readonly index: Expression }
  | {
      readonly kind: 'slice';
      readonly on: Expression;
      readonly start: Expression | null;
      readonly until: Expression | null;
    }
  | {
      readonly kind: 'comprehension';
      readonly type: SequenceType | 'dict';
      readonly key: Expression | null;
      readonly element: Expression;
      readonly loops: readonly Comprehension[];
    }
  | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly value: Expression }
  /** Something that no version file should need: `await`, `yield`, a format with a specification. */
  | { readonly kind: 'other'; readonly what: string };

export type Expression = ExpressionForm & Place;
export type ExpressionKind = Expression['kind'];

export interface Parameter {
  readonly name: string;
  readonly spread: '' | '*' | '**';
  readonly usual: Expression | null;
}

export interface FunctionDefinition extends Place {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

export interface ImportedName {
  /** `sqlalchemy.dialects.postgresql` */
  readonly path: string;
  readonly as: string;
}

type StatementForm =
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
  | {
      readonly kind: 'update';
      readonly target: Expression;
      readonly operator: string;
      readonly value: Expression;
    }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[];
    }
  | {
      readonly kind: 'for';
      readonly target: Expression;
      readonly source: Expression;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'with';
      readonly items: readonly { readonly value: Expression; readonly as: Expression | null }[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'try';
      readonly body: readonly Statement[];
      readonly handlers: readonly (readonly Statement[])[];
      readonly otherwise: readonly Statement[];
      readonly last: readonly Statement[];
    }
  | { readonly kind: 'return'; readonly value: Expression | null }
  | { readonly kind: 'raise'; readonly value: Expression | null }
  | { readonly kind: 'import'; readonly names: readonly ImportedName[] }
  | {
      readonly kind: 'class';
      readonly name: string;
      readonly bases: readonly Expression[];
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'nothing' | 'break' | 'continue' }
  | { readonly kind: 'other'; readonly what: string };

export type Statement = (StatementForm & Place) | FunctionDefinition;

/** A file of Python. */
export interface Module {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** Lines on which the grammar was broken. */
  readonly errors: readonly number[];
}

/** The number of the line on which an offset stands, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
