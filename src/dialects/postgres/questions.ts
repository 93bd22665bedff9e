import type { CompileInput, LossQuestion, RowQuestion } from '../../dialect/dialect.ts';
import type { Server } from './compile.ts';
export function rowQuestions(_input: CompileInput, _server: Server): readonly RowQuestion[] {
  return [];
}
export function lossQuestions(_input: CompileInput, _server: Server): readonly LossQuestion[] {
  return [];
}
