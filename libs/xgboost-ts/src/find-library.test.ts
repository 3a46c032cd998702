import { describe, expect, it } from 'vitest';
import { XgboostLibraryError } from './errors.ts';
import { findLibrary } from './find-library.ts';

describe('findLibrary', () => {
  it('finds the one that npm carries, or takes the one it is given', async () => {
    const library = await findLibrary({});
    expect(library).toMatch(/xgboost_node.*libxgboost\.(so|dylib)$/);
    expect(await findLibrary({ PRIMATRIX_XGBOOST: library })).toBe(library);
  });

  it('refuses a path where there is none', async () => {
    await expect(findLibrary({ PRIMATRIX_XGBOOST: '/nowhere/libxgboost.so' })).rejects.toThrow(XgboostLibraryError);
  });
});
