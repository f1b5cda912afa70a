from django.apps import AppConfig


class WebPeopleConfig(AppConfig):
    name = "hilo.web.people"
    label = "web_people"
