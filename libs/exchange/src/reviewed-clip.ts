/** Animals of one kind that a person saw in a clip; the fields of Camtrap DP. */
export interface ReviewedAnimals {
  /** One of the clip's. */
  readonly species: string;
  readonly count?: number | undefined;
  readonly lifeStage?: 'adult' | 'subadult' | 'juvenile' | undefined;
  readonly sex?: 'female' | 'male' | undefined;
  readonly behaviour?: string | undefined;
  readonly note?: string | undefined;
  /** Seconds into the clip. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What a person decided about a clip. */
export interface ClipReview {
  /** Classes that the clip shows, `blank` among them; empty where the person was unsure. */
  readonly species: readonly string[];
  /** More about the animals; of a species without any nothing but its name is known. */
  readonly observations?: readonly ReviewedAnimals[] | undefined;
  /** Name of the person; null where nobody said. */
  readonly by: string | null;
  /** ISO 8601 with zone; null where it is not known. */
  readonly at: string | null;
}
