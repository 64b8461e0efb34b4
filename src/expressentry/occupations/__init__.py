"""Finding and showing occupations: by title, job title and duties, in English and French."""
