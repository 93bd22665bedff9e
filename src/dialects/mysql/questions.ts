import type { CompileInput, LossQuestion, RowQuestion } from '../../dialect/dialect.ts';
import type { MysqlTraits } from './traits.ts';
export function rowQuestions(_i: CompileInput, _t: MysqlTraits): readonly RowQuestion[] {
  return [];
}
export function lossQuestions(_i: CompileInput, _t: MysqlTraits): readonly LossQuestion[] {
  return [];
}
