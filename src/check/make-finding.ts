import type { Finding, FindingCode } from './finding.ts';
import { severityOf } from './finding.ts';

/** A finding with its usual severity, and nothing said where nothing is given. */
export function finding(
  code: FindingCode,
  message: string,
  given: Partial<Omit<Finding, 'code' | 'message'>> & Pick<Finding, 'cure'>,
): Finding {
  return { code, severity: severityOf(code), message, object: null, revision: null, facts: {}, ...given };
}
