import type { CompileInput, LossQuestion, RowQuestion } from '../../dialect/dialect.ts';

export function rowQuestions(_input: CompileInput): readonly RowQuestion[] {
  return [];
}

export function lossQuestions(_input: CompileInput): readonly LossQuestion[] {
  return [];
}
