"""GOV.UK: its search and content interfaces, and what they say about a publisher's spending lists."""
