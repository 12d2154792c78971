"""Commands of this project; they stand beside Scrapy's own and replace those of the same name."""
