from django.apps import AppConfig


class CountedConfig(AppConfig):
    name = "tests.jobs.app"
    label = "counted"
