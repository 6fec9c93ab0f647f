export { sampleFinancials, sampleInput, sampleProperty } from '../../../src/domain/memo/sample-input.ts';
export { sampleComparables } from '../../../src/domain/memo/sample-sales.ts';
