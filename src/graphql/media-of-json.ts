// Crawl4AI's `media` as the API's Media, and the tables that older writers keep in it.
import type { JsonValue } from '../domain/packed-text.js';
import type { Media, MediaItem } from './generated.js';
import { integerOf, listOf, numberOf, objectOf, textOf } from './tolerant-json.js';

/** The media; null where the value is no object. What is no object in its lists is left out. */
export function mediaOfJson(value: JsonValue): Media | null {
  const media = objectOf(value);
  if (media === null) return null;
  return {
    images: listOf(media.images).flatMap(itemOf),
    videos: listOf(media.videos).flatMap(itemOf),
    audios: listOf(media.audios).flatMap(itemOf),
  };
}

/** The tables inside a `media`; null where there are none. */
export function tablesOfMedia(value: JsonValue): JsonValue {
  return objectOf(value)?.tables ?? null;
}

function itemOf(value: JsonValue): MediaItem | readonly MediaItem[] {
  const item = objectOf(value);
  if (item === null) return [];
  return {
    src: textOf(item.src),
    data: textOf(item.data),
    alt: textOf(item.alt),
    desc: textOf(item.desc),
    score: numberOf(item.score),
    type: textOf(item.type),
    groupId: integerOf(item.group_id),
    format: textOf(item.format),
    width: integerOf(item.width),
  };
}
