import { z } from 'zod';

/** What a person may do: look at all of a project; decide, too; or all, as adding clips, training and inviting others. Each may do what the former may. */
export const roles = ['look', 'review', 'manage'] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** Who asks. */
export const meSchema = z.object({
  /** Null: whoever started the pages, whose name is what their browser says. */
  name: z.string().nullable(),
  role: z.enum(roles),
});
/** What {@link meSchema} reads: who asks. */
export type Me = z.infer<typeof meSchema>;

/** Somebody who was invited to a project. */
export const personSchema = z.object({
  id: z.string(),
  /** Unique in the project: decisions carry it. */
  name: z.string(),
  role: z.enum(roles),
  /** ISO 8601. */
  invited: z.string(),
});
/** What {@link personSchema} reads: somebody who was invited to a project. */
export type Person = z.infer<typeof personSchema>;

/** How far two people agree on the clips that both decided. */
export const agreementSchema = z.object({
  /** Names; empty: of whom none is known. */
  people: z.tuple([z.string(), z.string()]),
  /** Clips that both decided. */
  clips: z.int(),
  /** Of them: clips of which both say the same. */
  same: z.int(),
  /** Cohen's kappa: 1 all the same, 0 as by chance; null where chance alone would agree on all. */
  kappa: z.number().nullable(),
});
/** What {@link agreementSchema} reads: how far two people agree. */
export type Agreement = z.infer<typeof agreementSchema>;

/** The people of a project, and what they say of the same clips. */
export const peopleSchema = z.object({
  people: z.array(personSchema.extend({ /** That they decided last. */ clips: z.int() })),
  /** Of all clips: those that two people shall look at, 0 to 1. */
  secondShare: z.number(),
  agreement: z.array(agreementSchema),
});
/** What {@link peopleSchema} reads: the people of a project. */
export type People = z.infer<typeof peopleSchema>;

/** Who shall be invited. */
export const inviteInputSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  role: z.enum(roles),
});
/** What {@link inviteInputSchema} reads: who shall be invited. */
export type InviteInput = z.infer<typeof inviteInputSchema>;

/** An invitation. */
export const invitedSchema = z.object({
  person: personSchema,
  /** What follows the address of the pages; shown once, as only a digest of it is kept. */
  path: z.string(),
});
/** What {@link invitedSchema} reads: an invitation. */
export type Invited = z.infer<typeof invitedSchema>;

/** How many clips two people shall look at. */
export const secondShareInputSchema = z.strictObject({ share: z.number().min(0).max(1) });
