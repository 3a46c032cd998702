/** What a package holds of a clip. */
export interface PackedFile {
  /** Path below the package's folder, slashes forward; null where the clip was left out. */
  readonly name: string | null;
  /** Whether everybody may see it: nobody on it can be recognised, as far as a detector found them. */
  readonly isPublic: boolean;
  /** What was done to it, for people; empty for nothing. */
  readonly note: string;
}
