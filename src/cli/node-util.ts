/**
 * What every call needs of `node:util`. An `import` of it makes all that the module offers, worker threads included, which takes
 * longer than to read the arguments.
 */
export const { parseArgs, stripVTControlCharacters, styleText } = process.getBuiltinModule('node:util');
