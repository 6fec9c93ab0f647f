import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { tagIdsOf } from '../search-options.ts';
import { checkId } from './lifecycle.ts';

/** `reos tag list`: the tenant's tags, or those of a property. */
export const tagList: ApiVerb = {
  describe: (command) =>
    command
      .description('List the tags of the tenant, or of one property')
      .argument('[property]', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos tag list 4f7c…'),
  async ask({ api, output }, [text]) {
    const tags =
      text === undefined
        ? await collect(100_000, (query) => take(api.GET('/api/v1/tags', { params: { query } })))
        : (await take(api.GET('/api/v1/properties/{id}/tags', { params: { path: { id: checkId(text) } } }))).items;
    output.answer({ tags }, table(tags, ['name', 'color', 'id']));
  },
};

/** `reos tag add NAME` */
export const tagAdd: ApiVerb = {
  describe: (command) =>
    command
      .description('Make a tag')
      .argument('<name>', 'its name')
      .option('--color <color>', 'such as #1a7f37')
      .addHelpText('after', "\nExample:\n  $ reos tag add hot --color '#1a7f37'"),
  async ask({ api, output }, [name], options) {
    const color = options.color === undefined ? {} : { color: String(options.color) };
    const made = await take(api.POST('/api/v1/tags', { body: { name: String(name), ...color } }));
    output.answer({ ...made }, `${made.name}: ${made.id}`);
  },
};

/** `reos tag rm TAG` */
export const tagRm: ApiVerb = {
  describe: (command) =>
    command
      .description('Delete a tag, and take it off every property')
      .argument('<tag>', 'name or id')
      .addHelpText('after', '\nExample:\n  $ reos tag rm hot'),
  async ask({ api, output }, [name]) {
    const id = (await tagIdsOf(api, [String(name)]))[0]!;
    await take(api.DELETE('/api/v1/tags/{id}', { params: { path: { id } } }));
    output.answer({ id, removed: true }, `${id}: removed`);
  },
};

/** `reos tag put TAG PROPERTY…` */
export const tagPut: ApiVerb = {
  describe: (command) =>
    command
      .description('Put a tag on properties: on all of them, or on none when one is unknown')
      .argument('<tag>', 'name or id')
      .argument('<properties...>', 'property ids, 500 at most')
      .addHelpText('after', '\nExample:\n  $ reos tag put hot 4f7c… 9a01…'),
  async ask({ api, output }, [name, ...properties]) {
    const id = (await tagIdsOf(api, [String(name)]))[0]!;
    const body = { property_ids: properties.map((one) => checkId(one)) };
    const done = await take(api.POST('/api/v1/tags/{id}/properties', { params: { path: { id } }, body }));
    output.answer({ tag_id: id, ...done }, `${done.tagged} properties got the tag; the others had it.`);
  },
};

/** `reos tag take TAG PROPERTY` */
export const tagTake: ApiVerb = {
  describe: (command) =>
    command
      .description('Take a tag off a property')
      .argument('<tag>', 'name or id')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos tag take hot 4f7c…'),
  async ask({ api, output }, [name, property]) {
    const path = { id: checkId(property), tag_id: (await tagIdsOf(api, [String(name)]))[0]! };
    await take(api.DELETE('/api/v1/properties/{id}/tags/{tag_id}', { params: { path } }));
    output.answer({ property_id: path.id, tag_id: path.tag_id, removed: true }, `${path.id}: the tag is off`);
  },
};
