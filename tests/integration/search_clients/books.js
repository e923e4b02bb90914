// What both drivers work with: a mapping, a thousand books, and searches whose answers are known.

export const mappings = {
  properties: {
    title: { type: 'text', analyzer: 'english', fields: { raw: { type: 'keyword' } } },
    genre: { type: 'keyword' },
    year: { type: 'integer' },
    price: { type: 'double' },
    published: { type: 'date' },
  },
};

const genres = ['crime', 'poetry', 'travel'];

export const books = Array.from({ length: 1000 }, (_, i) => ({
  id: String(i),
  title: i % 100 === 0 ? `The running foxes, volume ${i / 100}` : `Tales of a harbour, volume ${i}`,
  genre: genres[i % 3],
  year: 1900 + (i % 100),
  price: (i % 40) / 4,
  published: `${1900 + (i % 100)}-0${1 + (i % 9)}-01`,
}));

export const foxes = { match: { title: { query: 'fox runs', operator: 'and' } } };

export const aggregations = {
  genres: {
    terms: { field: 'genre', order: { _key: 'asc' } },
    aggs: { mean_price: { avg: { field: 'price' } }, newest: { max: { field: 'year' } } },
  },
  decades: { histogram: { field: 'year', interval: 10 } },
};

/** The number of books of each genre and their mean price, counted here. */
export const expectedGenres = genres.map((genre) => {
  const chosen = books.filter((book) => book.genre === genre);
  const mean = chosen.reduce((sum, book) => sum + book.price, 0) / chosen.length;
  return { key: genre, count: chosen.length, mean, newest: Math.max(...chosen.map((book) => book.year)) };
});
