import type { NativeHandle } from '../native/native-handle.ts';
import { NativeOwner } from '../native/native-owner.ts';
import type { Matrix } from './matrix.ts';

/** A table with labels, as bindings take it. */
export interface LabelledTable extends Matrix {
  /** One a row: the class number for objectives of classes, the target otherwise. */
  readonly labels: ArrayLike<number>;
  /** One a row, not negative. */
  readonly weights?: ArrayLike<number>;
  /** One a column, unique. */
  readonly featureNames?: readonly string[];
  /** Numbers or names of the columns that hold category numbers (whole, not negative) instead of quantities. */
  readonly categorical?: readonly (number | string)[];
  /** Threads to use; default all cores. */
  readonly threads?: number;
}

/** What is known of a table in native memory. */
export interface TableFacts {
  readonly rows: number;
  readonly columns: number;
  readonly featureNames: readonly string[];
  /** Numbers of the columns that hold categories. */
  readonly categorical: readonly number[];
}

/** A table in a library's memory. */
export abstract class NativeDataset<Name extends string> extends NativeOwner<Name> implements TableFacts {
  readonly rows: number;
  readonly columns: number;
  readonly featureNames: readonly string[];
  readonly categorical: readonly number[];

  protected constructor(handle: NativeHandle<Name>, facts: TableFacts) {
    super(handle);
    this.rows = facts.rows;
    this.columns = facts.columns;
    this.featureNames = facts.featureNames;
    this.categorical = facts.categorical;
  }
}
