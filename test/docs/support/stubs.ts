// What the recipes' frameworks look like to the compiler, as far as the recipes use them.

export const frameworks: string = `
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  interface App {
    get(path: string, handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>): unknown;
    listen(port: number): unknown;
  }
  export default function express(): App;
}
declare module 'fastify' {
  interface Reply {
    code(status: number): Reply;
    send(payload?: unknown): Reply;
  }
  interface App {
    addHook(name: 'onReady', hook: () => Promise<void>): unknown;
    get(path: string, handler: (request: unknown, reply: Reply) => Promise<Reply>): unknown;
    register<Options>(plugin: (app: App, options: Options) => Promise<void>, options: Options): Promise<unknown>;
    listen(options: { port: number }): Promise<string>;
  }
  export default function Fastify(): App;
}
declare module '@nestjs/common' {
  interface Provider {
    provide: unknown;
    useFactory: () => unknown;
  }
  export function Module(metadata: { providers: Provider[] }): <T>(target: T) => T;
}
`;

const options = {
  target: 'es2024',
  lib: ['es2024', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};
export const tsconfig: string = JSON.stringify({
  compilerOptions: options,
  include: ['pages', 'frameworks.d.ts'],
});
