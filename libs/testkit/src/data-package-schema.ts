/**
 * What Data Package v1 (specs.frictionlessdata.io/data-package) requires of `datapackage.json`, and RFC 7946 of GeoJSON geometries, as
 * JSON schemas of draft 4. The profile of Camtrap DP refers to both by URL, and tests have no network.
 */
export const referredSchemas: Readonly<Record<string, object>> = {
  'https://specs.frictionlessdata.io/schemas/data-package.json': {
    type: 'object',
    required: ['resources'],
    properties: {
      profile: { type: 'string' },
      name: { type: 'string', pattern: '^([-a-z0-9._/])+$' },
      id: { type: 'string' },
      title: { type: 'string' },
      description: { type: 'string' },
      homepage: { type: 'string', format: 'uri' },
      created: { type: 'string', format: 'date-time' },
      contributors: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            title: { type: 'string' },
            path: { type: 'string' },
            email: { type: 'string', format: 'email' },
            role: { type: 'string' },
          },
          required: ['title'],
        },
      },
      keywords: { type: 'array', minItems: 1, items: { type: 'string' } },
      licenses: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            name: { type: 'string', pattern: '^([-a-zA-Z0-9._])+$' },
            path: { type: 'string' },
            title: { type: 'string' },
          },
        },
      },
      sources: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['title'],
          properties: { title: { type: 'string' }, path: { type: 'string' } },
        },
      },
      resources: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          oneOf: [{ required: ['name', 'data'] }, { required: ['name', 'path'] }],
          properties: {
            name: { type: 'string', pattern: '^([-a-z0-9._/])+$' },
            path: { type: 'string', pattern: '^(?=^[^./~])(^((?!\\.{2}).)*$).*$' },
            mediatype: { type: 'string', pattern: '^(.+)/(.+)$' },
            encoding: { type: 'string' },
          },
        },
      },
    },
  },
  'http://json.schemastore.org/geojson.json': {
    oneOf: [
      {
        required: ['type', 'coordinates'],
        properties: { type: { enum: ['Point'] }, coordinates: { $ref: '#/definitions/position' } },
      },
      {
        required: ['type', 'coordinates'],
        properties: {
          type: { enum: ['Polygon'] },
          coordinates: {
            type: 'array',
            minItems: 1,
            items: { type: 'array', minItems: 4, items: { $ref: '#/definitions/position' } },
          },
        },
      },
    ],
    definitions: { position: { type: 'array', minItems: 2, maxItems: 3, items: { type: 'number' } } },
  },
};
