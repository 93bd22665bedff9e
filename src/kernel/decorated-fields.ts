// Syntax that jiti leaves half done: the fields of a class that carry decorators.
// In: what Babel's transform of decorators made of a field. Out: the field with its value. Must not know what decorators do.

interface Node {
  readonly type: string;
  readonly name?: string;
}

interface Call extends Node {
  readonly callee: Node;
  readonly arguments: readonly Node[];
}

interface Path {
  readonly node: Call;
  replaceWith(node: object): void;
}

interface Field extends Node {
  definite?: boolean;
  readonly decorators?: readonly Node[] | null;
}

interface Program {
  traverse(visitor: { ClassProperty(path: { readonly node: Field }): void }): void;
}

const identifier = (name = '') => ({ type: 'Identifier', name });

const member = (object: object, name: string) => ({
  type: 'MemberExpression',
  object,
  property: identifier(name),
  computed: false,
});

/** `descriptor?.initializer?.call(this)`, in older words. */
function initialValue(descriptor: string | undefined, self: Node): object {
  const initializer = () => member(identifier(descriptor), 'initializer');
  const and = (left: object, right: object) => ({ type: 'LogicalExpression', operator: '&&', left, right });
  const absent = {
    type: 'UnaryExpression',
    operator: 'void',
    prefix: true,
    argument: { type: 'NumericLiteral', value: 0 },
  };
  return {
    type: 'ConditionalExpression',
    test: and(identifier(descriptor), initializer()),
    consequent: { type: 'CallExpression', callee: member(initializer(), 'call'), arguments: [self] },
    alternate: absent,
  };
}

/**
 * A plugin of Babel's. Its decorators leave `field = _initializerWarningHelper(descriptor, this)` to the transform of class
 * fields; jiti has none, and the first instance of the class would throw. Here the field gets what it was written with.
 */
export const decoratedFields = {
  visitor: {
    Program(program: Program): void {
      // `id!: number` would be refused for the value that the decorators give it.
      program.traverse({
        ClassProperty: ({ node }) => {
          if (node.decorators?.length) node.definite = false;
        },
      });
    },
    CallExpression(path: Path): void {
      const [descriptor, self] = path.node.arguments;
      if (!/^_initializerWarningHelper\d*$/.test(path.node.callee.name ?? '')) return;
      if (descriptor && self) path.replaceWith(initialValue(descriptor.name, self));
    },
  },
};
